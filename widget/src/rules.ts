/** When a dynamic button may offer itself: rules over the page, the time on it, scrolling, returning, the basket. Pure. */
import type { Rule } from "./protocol";

export type Circumstances = {
  url: string;
  seconds: number;
  /** The furthest that was scrolled to, 0 to 1. */
  scroll: number;
  returning: boolean;
  /** Told by the page: `Cordboard.set({ basket: 120 })`. */
  basket: number;
};

/** The first rule whose every condition holds. */
export function matching(rules: readonly Rule[], now: Circumstances): Rule | undefined {
  return rules.find(
    (rule) =>
      isPage(rule.page, now.url) &&
      now.seconds >= (rule.seconds ?? 0) &&
      now.scroll >= (rule.scroll ?? 0) &&
      (rule.returning ?? now.returning) === now.returning &&
      now.basket >= (rule.basket ?? 0),
  );
}

/** `/cart*` matches any address that holds "/cart"; without `*` the pattern may stand anywhere as well. */
function isPage(pattern: string | undefined, url: string): boolean {
  if (!pattern) return true;
  const parts = pattern.split("*");
  let at = 0;
  for (const part of parts) {
    const found = url.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
