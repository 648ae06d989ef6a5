import { describe, expect, it } from "vitest";
import { localeOf } from "./locale";
import { ShortcutBoard } from "./shortcut-board";
import { dialString, folded, initials, looksLikeNumber, readableNumber } from "./text";
import { en } from "./words/en";
import { fr } from "./words/fr";

describe("texts", () => {
  it("give initials, folded words and numbers", () => {
    expect(["Camille Roux", "léa", "+33 6 12", "", "Jean-Pierre de La Tour"].map(initials)).toEqual([
      "CR",
      "L",
      "#",
      "#",
      "JT",
    ]);
    expect(folded("Éloïse")).toBe("eloise");
    expect(readableNumber("+33612345678")).toBe("+33 6 12 34 56 78");
    expect(readableNumber("+447700900029")).toBe("+44 7700 900029");
    expect(readableNumber("+442079460018")).toBe("+44 20 7946 0018");
    expect(readableNumber("sip:someone")).toBe("sip:someone");
    expect(dialString("+33 (0)6.12-34")).toBe("+3306.12-34".replace(/[.-]/g, ""));
    expect(["112", "+33 6", "roux", "1", "3 rue"].map(looksLikeNumber)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  it("use the person's own region", () => {
    expect(localeOf("en", ["fr-FR", "en-US"])).toBe("en-US");
    expect(localeOf("en", ["fr-FR"])).toBe("en-GB");
    expect(localeOf("fr", ["en-GB"])).toBe("fr");
  });
});

describe("shortcuts", () => {
  it("are answered by whoever came last", () => {
    const board = new ShortcutBoard();
    const said: string[] = [];
    board.add("mute", () => said.push("page"));
    const leave = board.add("mute", () => said.push("dialog"));
    expect(board.run("mute")).toBe(true);
    leave();
    board.run("mute");
    expect(said).toEqual(["dialog", "page"]);
    expect(board.run("hold")).toBe(false);
  });
});

describe("the words", () => {
  const leaves = (tree: object, path = ""): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${path}${key}`, value] as [string, string]]
        : leaves(value, `${path}${key}.`),
    );
  it("are complete in French, with the same gaps to fill, none left in English", () => {
    const english = new Map(leaves(en));
    const french = new Map(leaves(fr));
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) {
      const gaps = (words = "") => [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
      expect(gaps(french.get(key)), key).toEqual(gaps(text));
      expect(text.length, key).toBeGreaterThan(0);
    }
  });
});
