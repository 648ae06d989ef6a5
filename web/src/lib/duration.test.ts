import { describe, expect, it } from "vitest";
import { clockFace, secondsBetween, secondsOfDuration } from "./duration";

describe("durations", () => {
  it.each([
    [-3, "00:00"],
    [0, "00:00"],
    [59.9, "00:59"],
    [61, "01:01"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
  ])("%d seconds read %s", (seconds, face) => {
    expect(clockFace(seconds)).toBe(face);
  });

  it.each([
    ["PT1M31.5S", 91.5],
    ["P1DT2H", 93_600],
    ["PT0S", 0],
    ["12.5", 12.5],
    ["nonsense", 0],
  ])("%s is %d seconds", (text, seconds) => {
    expect(secondsOfDuration(text)).toBe(seconds);
  });

  it("measures from an instant as text or number", () => {
    const to = Date.parse("2026-01-01T00:01:00Z");
    expect(secondsBetween("2026-01-01T00:00:00Z", to)).toBe(60);
    expect(secondsBetween(to - 1500, to)).toBe(1.5);
  });
});
