import { describe, expect, it } from "vitest";
import { pieces, safe } from "./links";

describe("links in messages", () => {
  it("finds addresses and leaves the sentence its full stop", () => {
    expect(pieces("See https://a.example/x?y=1. Or (http://b.example)!")).toEqual([
      { text: "See " },
      { text: "https://a.example/x?y=1", href: "https://a.example/x?y=1" },
      { text: ". Or (" },
      { text: "http://b.example", href: "http://b.example/" },
      { text: ")!" },
    ]);
  });
  it("opens nothing but pages", () => {
    expect(pieces("javascript:alert(1) data:text/html,x")).toEqual([
      { text: "javascript:alert(1) data:text/html,x" },
    ]);
    expect(safe("javascript:alert(1)")).toBe("");
    expect(safe("not an address")).toBe("");
  });
});
