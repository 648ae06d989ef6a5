import { describe, expect, it } from "vitest";
import { wordDiff } from "./diff";

const side = (pieces: ReturnType<typeof wordDiff>, not: "gone" | "new") =>
  pieces
    .filter((each) => each.kind !== not)
    .map((each) => each.text)
    .join("");

describe("the difference of two texts", () => {
  it("is by words", () => {
    expect(wordDiff("It comes on Monday.", "It comes on Tuesday.")).toEqual([
      { kind: "same", text: "It comes on " },
      { kind: "gone", text: "Monday." },
      { kind: "new", text: "Tuesday." },
    ]);
    expect(wordDiff("", "new")).toEqual([{ kind: "new", text: "new" }]);
    expect(wordDiff("same", "same")).toEqual([{ kind: "same", text: "same" }]);
  });

  it("always holds both texts whole", () => {
    for (const [before, after] of [
      ["a b c d", "a c d e"],
      ["one\n\ntwo", "one two"],
      ["x ".repeat(3000), "y ".repeat(3000)],
    ] as const) {
      const pieces = wordDiff(before, after);
      expect(side(pieces, "new")).toBe(before);
      expect(side(pieces, "gone")).toBe(after);
    }
  });
});
