import { describe, expect, it } from "vitest";
import { isComplete, newContent, previewPage, toSend } from "./draft";

describe("an answer that is being written", () => {
  it("is complete when each language has a title and a text", () => {
    const content = newContent("orders", "fr");
    expect(isComplete(content)).toBe(false);
    content.texts = { fr: { title: "Horaires", html: "<p>De dix à sept</p>", text: "" } };
    expect(isComplete(content)).toBe(true);
    content.texts.en = { title: " ", html: "<p>Ten to seven</p>", text: "" };
    expect(isComplete(content)).toBe(false);
  });

  it("leaves the plain form to the server", () => {
    const content = newContent("orders", "fr");
    content.short_name = " hours ";
    content.texts = { fr: { title: " Horaires ", html: "<p>x</p>", text: "of an older version" } };
    expect(toSend(content)).toMatchObject({
      short_name: "hours",
      texts: { fr: { title: "Horaires", html: "<p>x</p>", text: "" } },
    });
  });

  it("shows variables marked in its preview", () => {
    expect(previewPage("<p>Dear {end_customer.name}, {values.order}</p>", "en")).toContain(
      "<p>Dear <mark>end_customer.name</mark>, <mark>values.order</mark></p>",
    );
  });
});
