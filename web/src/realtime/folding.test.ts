import { describe, expect, it } from "vitest";
import { foldDelta, foldSnapshot, type TopicFold } from "./folding";

const now = "2026-01-01T00:00:00.000Z";

/** A small deterministic stream of changes on a server-side table. */
function* changes(seed: number, count: number) {
  let state = seed;
  const next = (limit: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state % limit;
  };
  for (let i = 0; i < count; i += 1) {
    const key = `k${next(12)}`;
    yield next(4) === 0 ? { set: {}, del: [key] } : { set: { [key]: { value: next(1000) } }, del: [] };
  }
}

describe("the snapshot law", () => {
  it.each([1, 7, 42, 1234])("apply(snapshot, deltas) is a fresh snapshot (seed %i)", (seed) => {
    const table: Record<string, unknown> = { k1: { value: 1 }, k2: { value: 2 } };
    let fold: TopicFold = foldSnapshot({ topic: "t", n: 5, snapshot: { ...table }, now });
    for (const { set, del } of changes(seed, 300)) {
      Object.assign(table, set);
      for (const key of del) delete table[key];
      const after = foldDelta(fold, { topic: "t", n: fold.n + 1, set, del, now });
      if (after === "gap") throw new Error("no gap was made");
      fold = after;
      expect(fold.rows).toEqual(table);
    }
  });

  it("tells a gap, a repetition and a delta without a snapshot", () => {
    const fold = foldSnapshot({ topic: "t", n: 1, snapshot: {}, now });
    expect(foldDelta(fold, { topic: "t", n: 3, now })).toBe("gap");
    expect(foldDelta(fold, { topic: "t", n: 1, now })).toBe("gap");
    expect(foldDelta(undefined, { topic: "t", n: 1, now })).toBe("gap");
  });

  it("keeps rows that did not change, so that nothing renders for them", () => {
    const row = { value: 1 };
    const fold = foldSnapshot({ topic: "t", n: 1, snapshot: { a: row, b: { value: 2 } }, now });
    const after = foldDelta(fold, { topic: "t", n: 2, set: { b: { value: 3 } }, now }) as TopicFold;
    expect(after.rows.a).toBe(row);
    const heartbeat = foldDelta(after, { topic: "t", n: 3, now }) as TopicFold;
    expect(heartbeat.rows).toBe(after.rows);
  });
});
