import { describe, expect, it } from "vitest";
import { htmlOfText, placesOf, plainOf } from "./plain";

const p = (...content: object[]) => ({ type: "paragraph", content });
const words = (text: string, href?: string) => ({
  type: "text",
  text,
  ...(href ? { marks: [{ type: "link", attrs: { href } }] } : {}),
});

describe("the plain text of a rich one", () => {
  it("keeps lists, quotes and breaks readable", () => {
    const item = (text: string) => ({ type: "listItem", content: [p(words(text))] });
    expect(
      plainOf({
        type: "doc",
        content: [
          p(words("Hello"), { type: "hardBreak" }, words("Joan")),
          p(),
          { type: "bulletList", content: [item("one"), item("two")] },
          { type: "orderedList", content: [item("first"), item("second")] },
          { type: "blockquote", content: [p(words("your words")), p(words("more"))] },
        ],
      }),
    ).toBe("Hello\nJoan\n\n- one\n- two\n1. first\n2. second\n> your words\n> more");
  });

  it("writes a link's address behind its words, once", () => {
    const doc = { type: "doc", content: [p(words("our page", "https://x.example/a"))] };
    expect(plainOf(doc)).toBe("our page <https://x.example/a>");
    const bare = { type: "doc", content: [p(words("a@x.example", "mailto:a@x.example"))] };
    expect(plainOf(bare)).toBe("a@x.example");
  });

  it("makes paragraphs of text without letting it be markup", () => {
    expect(htmlOfText("a <b>\n\nc & d")).toBe("<p>a &lt;b&gt;</p><p></p><p>c &amp; d</p>");
  });
});

describe("a word in a text", () => {
  it("is found where it stands alone, in any script", () => {
    expect(placesOf("parcle", "The parcle, parcles and Parcle: parcle!")).toEqual([4, 32]);
    expect(placesOf("été", "été, étés, l’été")).toEqual([0, 13]);
    expect(placesOf("a.b", "a.b axb")).toEqual([0]);
  });
});
