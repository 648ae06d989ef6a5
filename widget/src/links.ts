/** Text as pieces, addresses of pages told apart; nothing else ever becomes a link. Pure. */
export type Piece = { text: string; href?: string };

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,;:!?)\]}»”’]+$/, "");
    const href = safe(address);
    if (!href) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** The address if a browser may open it, else "". */
export function safe(address: string | undefined): string {
  try {
    const url = new URL(address ?? "");
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
  } catch {
    return "";
  }
}
