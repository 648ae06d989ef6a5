/** How far a promised time is, in the words and colours that the list and the thread share. */
import type { Tone } from "../../ui/StatePill";

export type DueWord = "late_minutes" | "late_hours" | "late_days" | "in_minutes" | "in_hours" | "in_days";
export type Due = { tone: Tone; word: DueWord; count: number };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const soon = 30 * minute;
const today = 4 * hour;

/** Late times are rounded down (never later than it is), coming ones up to the minute, then down. */
export function dueOf(at: string, now: number): Due {
  const left = Date.parse(at) - now;
  const span = Math.abs(left);
  const side = left < 0 ? "late" : "in";
  const tone: Tone = left < 0 ? "bad" : left <= soon ? "warn" : left <= today ? "accent" : "mute";
  if (span < hour) {
    const count = left < 0 ? Math.floor(span / minute) : Math.ceil(span / minute);
    if (count < 60) return { tone, word: `${side}_minutes`, count: Math.max(left < 0 ? 0 : 1, count) };
  }
  if (span < 2 * day) return { tone, word: `${side}_hours`, count: Math.max(1, Math.floor(span / hour)) };
  return { tone, word: `${side}_days`, count: Math.floor(span / day) };
}
