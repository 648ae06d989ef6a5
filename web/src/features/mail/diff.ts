/** The words of two texts beside each other: what stayed, what went, what came. Longest common subsequence of words. */
export type Piece = { kind: "same" | "gone" | "new"; text: string };

const tooLong = 4_000_000; // pairs: beyond, only the whole of each is shown

export function wordDiff(before: string, after: string): Piece[] {
  const a = before.match(/\s+|[^\s]+/g) ?? [];
  const b = after.match(/\s+|[^\s]+/g) ?? [];
  if (a.length * b.length > tooLong) return joined([piece("gone", before), piece("new", after)]);
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push(piece("same", a[i++] ?? ""));
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1)))
      pieces.push(piece("gone", a[i++] ?? ""));
    else pieces.push(piece("new", b[j++] ?? ""));
  }
  return joined(pieces);
}

function piece(kind: Piece["kind"], text: string): Piece {
  return { kind, text };
}

function joined(pieces: Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const each of pieces) {
    const last = out.at(-1);
    if (last?.kind === each.kind) last.text += each.text;
    else if (each.text) out.push({ ...each });
  }
  return out;
}
