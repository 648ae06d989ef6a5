/** The editor's document as plain text: what a reader without HTML gets, and what plain-text mode sends. */
export type Node = {
  type?: string;
  text?: string;
  content?: Node[];
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
};

function inline(node: Node): string {
  if (node.type === "hardBreak") return "\n";
  if (node.type === "image") return node.attrs?.alt ? `[${String(node.attrs.alt)}]` : "";
  if (node.text === undefined) return (node.content ?? []).map(inline).join("");
  const target = node.marks?.find((mark) => mark.type === "link")?.attrs?.href;
  const isName = typeof target === "string" && target.replace(/^mailto:/, "") !== node.text;
  return isName ? `${node.text} <${target}>` : node.text;
}

function indented(text: string, first: string, rest: string): string {
  return text
    .split("\n")
    .map((line, i) => (i === 0 ? first : rest) + line)
    .join("\n");
}

function block(node: Node): string {
  const inner = () => (node.content ?? []).map(block).join("\n");
  switch (node.type) {
    case "bulletList":
      return (node.content ?? []).map((item) => indented(block(item), "- ", "  ")).join("\n");
    case "orderedList":
      return (node.content ?? []).map((item, i) => indented(block(item), `${i + 1}. `, "   ")).join("\n");
    case "blockquote":
      return indented(inner(), "> ", "> ");
    case "doc":
    case "listItem":
      return inner();
    default:
      return inline(node);
  }
}

export function plainOf(doc: Node): string {
  return block(doc).replace(/[ \t]+$/gm, "");
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Plain text as paragraphs: a line is a paragraph, so that nothing moves when the mode is changed. */
export function htmlOfText(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `<p>${escaped(line)}</p>`)
    .join("");
}

/** Where a word stands by itself in a text. */
export function placesOf(word: string, text: string): number[] {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const alone = new RegExp(`(?<![\\p{L}\\p{M}])${escaped}(?![\\p{L}\\p{M}])`, "gu");
  return [...text.matchAll(alone)].map((found) => found.index);
}
