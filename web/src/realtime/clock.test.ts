import { describe, expect, it, vi } from "vitest";
import { ServerClock } from "./clock";

describe("the server's clock", () => {
  it("takes the offset of the quickest exchange", () => {
    let local = 1_000_000;
    const clock = new ServerClock(() => local);
    clock.learn(5_000_050, 1_000_000, 1_000_100);
    expect(clock.now()).toBe(5_000_000);
    clock.learn(9_999_999, 1_000_000, 1_009_000);
    expect(clock.now()).toBe(5_000_000);
    local += 500;
    expect(clock.now()).toBe(5_000_500);
  });

  it("has one ticker for all, and none when nobody looks", () => {
    vi.useFakeTimers();
    const clock = new ServerClock(() => Date.now());
    const paint = vi.fn();
    const stop = [clock.onTick(() => paint()), clock.onTick(() => paint())];
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(paint).toHaveBeenCalledTimes(2 + 8);
    for (const each of stop) each();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
