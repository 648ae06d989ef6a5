import { describe, expect, it } from "vitest";
import { moved, resized } from "./arrange";

const layout = [
  { i: "a", x: 0, y: 0, w: 4, h: 6, minW: 2, minH: 4 },
  { i: "b", x: 4, y: 0, w: 4, h: 6, minW: 2, minH: 4 },
  { i: "c", x: 0, y: 6, w: 4, h: 10, minW: 2, minH: 4 },
];
const place = (result: readonly { i: string; x: number; y: number; w: number; h: number }[], id: string) => {
  const found = result.find((item) => item.i === id);
  if (!found) throw new Error(id);
  return found;
};

function noOverlap(result: readonly { x: number; y: number; w: number; h: number }[]) {
  for (const a of result)
    for (const b of result)
      if (a !== b)
        expect(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y).toBe(true);
}

describe("arranging by keys", () => {
  it("moves past a tall neighbour in one press, and back", () => {
    const down = moved(layout, "a", { dx: 0, dy: 1 }, 12);
    expect(place(down, "a").y).toBeGreaterThan(0);
    noOverlap(down);
    const up = moved(down, "a", { dx: 0, dy: -1 }, 12);
    expect(place(up, "a").y).toBeLessThan(place(down, "a").y);
    noOverlap(up);
  });
  it("moves sideways and stops at the edges", () => {
    const right = moved(layout, "b", { dx: 1, dy: 0 }, 12);
    expect(place(right, "b").x).toBe(5);
    expect(moved(layout, "a", { dx: -1, dy: 0 }, 12)).toBe(layout);
    expect(moved(layout, "a", { dx: 0, dy: -1 }, 12)).toBe(layout);
  });
  it("resizes within its limits", () => {
    let result: typeof layout | ReturnType<typeof resized> = layout;
    for (let i = 0; i < 20; i += 1) result = resized(result, "a", { dx: -1, dy: -1 }, 12);
    expect(place(result, "a")).toMatchObject({ w: 2, h: 4 });
    for (let i = 0; i < 20; i += 1) result = resized(result, "a", { dx: 1, dy: 0 }, 12);
    expect(place(result, "a").w).toBe(12);
    noOverlap(result);
  });
});
