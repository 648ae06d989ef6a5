import { describe, expect, it } from "vitest";
import { dueOf } from "./due";

const now = Date.parse("2026-11-24T12:00:00Z");
const inMinutes = (minutes: number) => dueOf(new Date(now + minutes * 60_000).toISOString(), now);

describe("a promised time", () => {
  it.each([
    [-3000, "bad", "late_days", 2],
    [-125, "bad", "late_hours", 2],
    [-59.9, "bad", "late_minutes", 59],
    [-0.5, "bad", "late_minutes", 0],
    [0.2, "warn", "in_minutes", 1],
    [30, "warn", "in_minutes", 30],
    [31, "accent", "in_minutes", 31],
    [59.5, "accent", "in_hours", 1],
    [239, "accent", "in_hours", 3],
    [600, "mute", "in_hours", 10],
    [4400, "mute", "in_days", 3],
  ])("%d minutes away is %s, %s %d", (minutes, tone, word, count) => {
    expect(inMinutes(minutes)).toEqual({ tone, word, count });
  });
});
