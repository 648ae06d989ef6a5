/** What is typed behind a "/" that begins a word: the search for a ready-made text. */
export function slashQuery(before: string): string | null {
  const found = /(?:^|\s)\/([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]+){0,3})$/u.exec(before);
  return found ? (found[1] ?? "") : null;
}
