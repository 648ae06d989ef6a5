import { describe, expect, it } from "vitest";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe.each(Object.entries({ de, es, fr }))("the words in %s", (_, words: Record<string, string>) => {
  it.each(Object.entries(en))("%s is there, with the same holes", (key, text) => {
    expect(holes(words[key] ?? "")).toEqual(holes(text));
    expect(words[key]).toBeTruthy();
  });
  it("says nothing that English does not", () => {
    expect(Object.keys(words).filter((key) => !(key in en))).toEqual([]);
  });
});
