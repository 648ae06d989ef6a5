import { describe, expect, it } from "vitest";
import { slashQuery } from "./slash";

describe("a slash in the text", () => {
  it("asks for a ready-made text where it begins a word", () => {
    expect(slashQuery("/")).toBe("");
    expect(slashQuery("Hello /livr")).toBe("livr");
    expect(slashQuery("/délai de livraison")).toBe("délai de livraison");
  });

  it("is a slash in addresses, dates and prose", () => {
    for (const text of ["https://", "and/or", "24/12", "/one two three four five", "no slash"])
      expect(slashQuery(text)).toBeNull();
  });
});
