import { describe, expect, it } from "vitest";
import { foldDelta, foldSnapshot, type TopicFold } from "./folding";

const now = "2026-01-01T00:00:00Z";
const start = foldSnapshot({
  topic: "queues",
  n: 7,
  snapshot: { a: { waiting: 1 }, b: { waiting: 2 } },
  now,
});

function fold(from: TopicFold | "gap", n: number, set: Record<string, unknown>, del: string[] = []) {
  return from === "gap" ? from : foldDelta(from, { topic: "queues", n, set, del, now });
}

describe("folding", () => {
  it("gives what a fresh snapshot would", () => {
    const folded = fold(fold(start, 8, { a: { waiting: 5 }, c: { waiting: 0 } }), 9, {}, ["b"]);
    expect(folded).toEqual(
      foldSnapshot({ topic: "queues", n: 9, snapshot: { a: { waiting: 5 }, c: { waiting: 0 } }, now }),
    );
  });

  it("notices a gap, a repetition and a delta before any snapshot", () => {
    expect(fold(start, 9, {})).toBe("gap");
    expect(fold(start, 7, {})).toBe("gap");
    expect(foldDelta(undefined, { topic: "queues", n: 1, now })).toBe("gap");
  });

  it("keeps the rows themselves when nothing changed, so that nothing is drawn again", () => {
    const folded = fold(start, 8, {});
    expect(folded !== "gap" && folded.rows).toBe(start.rows);
    expect(folded !== "gap" && folded.n).toBe(8);
  });

  it("leaves the fold it was given as it is", () => {
    fold(start, 8, { a: { waiting: 9 } }, ["b"]);
    expect(start.rows).toEqual({ a: { waiting: 1 }, b: { waiting: 2 } });
  });
});
