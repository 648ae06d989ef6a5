/** Words and how they are filled. The words themselves (`words/*.json`) come with the button's configuration, in its language. */
import type en from "./words/en.json";

export type Words = typeof en;

/** `filled("Number {n}", {n: 2})`. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function shownSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
