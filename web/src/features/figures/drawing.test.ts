import { describe, expect, it } from "vitest";
import { csvOf } from "./csv";
import { marksOf } from "./scale";

describe("the marks of an axis", () => {
  it.each([
    [0, "count", [0, 1]],
    [3, "count", [0, 1, 2, 3]],
    [58, "count", [0, 20, 40, 60]],
    [100, "seconds", [0, 30, 60, 90, 120]],
    [0.7, "share", [0, 0.25, 0.5, 0.75, 1]],
  ])("up to %d %s", (greatest, unit, marks) => expect(marksOf(greatest, unit)).toEqual(marks));
  it("end at or above the greatest value", () => {
    for (const unit of ["count", "seconds", "number"])
      for (const greatest of [0.3, 1, 7, 99, 1234, 98_765, 10_000_000])
        expect(marksOf(greatest, unit).at(-1)).toBeGreaterThanOrEqual(greatest);
  });
});

describe("a table as a file", () => {
  it("quotes, and has no formulas", () => {
    const text = csvOf([
      ["Part", 'A "B", C'],
      ["=1+1", 0.333333333],
      ["-", null],
    ]);
    expect(text).toBe('\uFEFFPart,"A ""B"", C"\r\n\'=1+1,0.333333\r\n\'-,\r\n');
  });
});
