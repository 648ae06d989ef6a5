import { expect, it } from "vitest";
import { languages, wordsOf } from "./words";

it("says something in every language, and never the English words in another", () => {
  const english = Object.entries(wordsOf("en"));
  for (const [language, words] of Object.entries(languages)) {
    if (language === "en") continue;
    expect(Object.keys(words)).toEqual(english.map(([name]) => name));
    for (const [name, text] of english) expect(words[name as "call"], name).not.toBe(text);
  }
});

it("speaks English to who speaks nothing that it knows", () => {
  expect(wordsOf("nl")).toBe(wordsOf("en-GB"));
});
