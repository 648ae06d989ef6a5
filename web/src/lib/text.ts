/** Up to two letters that stand for a name on an avatar; "#" for a bare number. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s\-_.]+/)
    .filter((word) => /\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "#";
}

/** Accents and case put aside, so that "lea" finds "Léa". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What is left of a typed number once its spaces and punctuation are gone. */
export function dialString(typed: string): string {
  return typed.replace(/[^\d+*#]/g, "");
}

/** Does what was typed look like a number to call rather than a name to find? */
export function looksLikeNumber(typed: string): boolean {
  return /^[\s\d+().\-/*#]+$/.test(typed) && dialString(typed).length >= 2;
}

/** +33612345678 → +33 6 12 34 56 78: grouping that eases reading; anything else is left as it is. */
export function readableNumber(number: string): string {
  const french = /^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(number);
  if (french) return `+33 ${french.slice(1).join(" ")}`;
  const mobile = /^\+44(7\d{3})(\d{6})$/.exec(number);
  if (mobile) return `+44 ${mobile.slice(1).join(" ")}`;
  const british = /^\+44(2\d)(\d{4})(\d{4})$/.exec(number) ?? /^\+44([13]\d{2})(\d{3})(\d{4})$/.exec(number);
  if (british) return `+44 ${british.slice(1).join(" ")}`;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (american) return `+1 ${american.slice(1).join(" ")}`;
  return number;
}
