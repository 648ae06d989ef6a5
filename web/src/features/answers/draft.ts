/** What is being written: an answer of the library, or a new one that is not in it yet. */
import type { AnswerContent, AnswerText, LibraryAnswer } from "../../client/answers-api";

export const variables = [
  "end_customer.name",
  "end_customer.address",
  "agent.name",
  "contact.id",
  "contact.subject",
  "space.name",
  "company.name",
  "date",
] as const;

export const offeredLanguages = ["en", "fr", "de", "es", "it", "nl", "pt"] as const;

export const emptyText: AnswerText = { title: "", html: "", text: "" };

export function newContent(themeId: string, language: string): AnswerContent {
  return {
    theme_id: themeId,
    short_name: "",
    space_id: "",
    channels: ["email", "chat"],
    valid_from: null,
    valid_until: null,
    position: 0,
    texts: { [language]: emptyText },
  };
}

export function contentOf(answer: LibraryAnswer): AnswerContent {
  const { theme_id, short_name, space_id, channels, valid_from, valid_until, position, texts } = answer;
  return { theme_id, short_name, space_id, channels, valid_from, valid_until, position, texts };
}

/** The texts go as HTML; the plain form is made of it by the server, in one way for all. */
export function toSend(content: AnswerContent): AnswerContent {
  const texts = Object.entries(content.texts).map(([language, { title, html }]) => [
    language,
    { title: title.trim(), html, text: "" },
  ]);
  return { ...content, short_name: content.short_name.trim(), texts: Object.fromEntries(texts) };
}

export function isComplete(content: AnswerContent): boolean {
  const texts = Object.values(content.texts);
  return texts.length > 0 && texts.every(({ title, html }) => title.trim() !== "" && html.trim() !== "");
}

/** The page of a preview: variables marked, and nothing that could act. */
export function previewPage(html: string, language: string): string {
  const marked = html.replace(/\{([a-z][\w.]*)\}/g, "<mark>$1</mark>");
  return `<!doctype html><html lang="${language}"><body>${marked}</body></html>`;
}
