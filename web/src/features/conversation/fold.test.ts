import { describe, expect, it } from "vitest";
import type { ConversationMessage } from "../../client/conversation-api";
import type { MyContact } from "../../realtime/rows";
import { beginsBlock, inOrder, messagesOf, stateOf, stillOnTheirWay, typingOf } from "./fold";

const message = (n: number, more: Partial<ConversationMessage> = {}): ConversationMessage => ({
  n,
  at: `2026-01-01T10:0${n % 10}:00.000Z`,
  author: "visitor",
  agent_id: "",
  name: "",
  kind: "text",
  text: `m${n}`,
  key: `k${n}`,
  attachment: null,
  url: "",
  choices: [],
  fields: [],
  values: {},
  consent: null,
  call: null,
  call_id: 0,
  speaker: "",
  edited: false,
  deleted: false,
  earlier: false,
  visible_to: "all",
  ...more,
});
const contact = (contact_id: number, more: Partial<MyContact>): MyContact =>
  ({ contact_id, channel: "chat", phase: "talking", unanswered_since: null, ...more }) as MyContact;

describe("the rows of a conversation", () => {
  it("are in the order of their numbers, not of their keys", () => {
    const rows = { "10": message(10), "9": message(9), typing: { on: true, preview: "", agents: [] } };
    expect(messagesOf(rows).map((each) => each.n)).toEqual([9, 10]);
    expect(typingOf(rows)?.on).toBe(true);
    expect(stateOf(rows)).toBeNull();
  });
  it("replace what was on its way", () => {
    const mine = ["k1", "k2"].map((key) => ({ key, text: key, whisper: false, failed: false }));
    expect(stillOnTheirWay(mine, [message(1)]).map((each) => each.key)).toEqual(["k2"]);
  });
  it("gather in blocks of one author", () => {
    expect(beginsBlock(message(1), undefined)).toBe(true);
    expect(beginsBlock(message(2), message(1))).toBe(false);
    expect(beginsBlock(message(9), message(1))).toBe(true);
    expect(beginsBlock(message(2, { author: "agent" }), message(1))).toBe(true);
    expect(beginsBlock(message(2, { visible_to: "agents" }), message(1))).toBe(true);
  });
});

describe("the chats at hand", () => {
  it("begin with offers, then who has waited longest", () => {
    const all = [
      contact(1, { phase: "wrap_up" }),
      contact(2, {}),
      contact(3, { unanswered_since: "2026-01-01T10:02:00Z" }),
      contact(4, { unanswered_since: "2026-01-01T10:01:00Z" }),
      contact(5, { phase: "reserved" }),
      contact(6, { channel: "voice" }),
      contact(7, { phase: "ended" }),
    ];
    expect(inOrder(all).map((each) => each.contact_id)).toEqual([5, 4, 3, 2, 1]);
  });
});
