import { describe, expect, it } from "vitest";
import { type Conversation, fold, nothingYet } from "./fold";
import type { FromServer } from "./protocol";

const say = (n: number, more: object = {}): FromServer => ({
  t: "message",
  n,
  from: "agent",
  kind: "text",
  text: `m${n}`,
  ...more,
});
const all = (frames: FromServer[], from = nothingYet) =>
  frames.reduce<Conversation | null>((before, frame) => before && fold(before, frame), from);

describe("the conversation", () => {
  it("takes messages in order, once each", () => {
    const after = all([say(1), say(2), say(2), say(1), say(3)]);
    expect(after?.messages.map((each) => each.n)).toEqual([1, 2, 3]);
    expect(after?.last).toBe(3);
  });
  it("asks again when one is missing", () => {
    expect(all([say(1), say(3)])).toBeNull();
  });
  it("counts what is not for the visitor without showing it", () => {
    const after = all([say(1), { t: "message", n: 2, from: "agent", kind: "gap" }, say(3)]);
    expect(after?.messages.map((each) => each.n)).toEqual([1, 3]);
    expect(after?.last).toBe(3);
  });
  it("shows an edited message in its place", () => {
    const after = all([say(1), say(2), say(1, { text: "better", edited: true })]);
    expect(after?.messages.map((each) => each.text)).toEqual(["better", "m2"]);
  });
  it("ends typing with the message that was typed", () => {
    expect(all([{ t: "typing", on: true }])?.typing).toBe(true);
    expect(all([{ t: "typing", on: true }, say(1)])?.typing).toBe(false);
    expect(all([{ t: "typing", on: true }, say(1, { from: "visitor" })])?.typing).toBe(true);
  });
  it("never reads backwards", () => {
    expect(
      all([
        { t: "read", n: 5 },
        { t: "read", n: 2 },
      ])?.read,
    ).toBe(5);
  });
});
