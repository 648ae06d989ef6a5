import { describe, expect, it } from "vitest";
import { matching } from "./rules";

const now = {
  url: "https://shop.example/en/cart?x=1",
  seconds: 10,
  scroll: 0.2,
  returning: false,
  basket: 50,
};

describe("rules of an invitation", () => {
  it.each([
    [{}, true],
    [{ page: "/cart" }, true],
    [{ page: "/en/*x=1" }, true],
    [{ page: "/help" }, false],
    [{ seconds: 10 }, true],
    [{ seconds: 11 }, false],
    [{ scroll: 0.5 }, false],
    [{ returning: true }, false],
    [{ returning: false, basket: 50 }, true],
    [{ returning: null, basket: 50 }, true],
    [{ basket: 51 }, false],
  ])("%o: %s", (rule, holds) => {
    expect(matching([{ id: "r", ...rule }], now) !== undefined).toBe(holds);
  });
  it("gives the first that holds", () => {
    expect(matching([{ id: "a", seconds: 99 }, { id: "b" }, { id: "c" }], now)?.id).toBe("b");
  });
});
