/** What the chat's screens show, from the rows of the live topic and what is still on its way. Pure. */
import type {
  ConversationMessage,
  ConversationRow,
  ConversationState,
  ConversationTyping,
} from "../../client/conversation-api";
import type { MyContact } from "../../realtime/rows";

export type Rows = Readonly<Record<string, ConversationRow>>;
/** A message of our own that the server has not confirmed yet. */
export type OnItsWay = { key: string; text: string; whisper: boolean; failed: boolean };

export function messagesOf(rows: Rows): ConversationMessage[] {
  return Object.values(rows)
    .filter((row): row is ConversationMessage => "n" in row)
    .sort((a, b) => a.n - b.n);
}

export function stateOf(rows: Rows): ConversationState | null {
  const row = rows.state;
  return row && "visitor" in row ? row : null;
}

export function typingOf(rows: Rows): ConversationTyping | null {
  const row = rows.typing;
  return row && "on" in row ? row : null;
}

/** Without those that have arrived: the server's word replaces ours. */
export function stillOnTheirWay(
  mine: readonly OnItsWay[],
  messages: readonly ConversationMessage[],
): OnItsWay[] {
  const arrived = new Set(messages.map((each) => each.key));
  return mine.filter((each) => !arrived.has(each.key));
}

/**
 * The chats in the agent's hands: offered ones first, then who has waited longest for an answer, then the others in
 * their order of arrival; those that are over last.
 */
export function inOrder(contacts: readonly MyContact[]): MyContact[] {
  const rank = (contact: MyContact) =>
    contact.phase === "reserved" ? 0 : contact.phase === "wrap_up" ? 3 : contact.unanswered_since ? 1 : 2;
  return contacts
    .filter((each) => each.channel === "chat" && each.phase !== "ended")
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.unanswered_since ?? "").localeCompare(b.unanswered_since ?? "") ||
        a.contact_id - b.contact_id,
    );
}

/** Consecutive messages of one author within a few minutes are one block with one name. */
export function beginsBlock(message: ConversationMessage, before: ConversationMessage | undefined): boolean {
  if (!before || before.kind === "notice") return true;
  const same =
    before.author === message.author &&
    before.agent_id === message.agent_id &&
    before.visible_to === message.visible_to;
  return !same || Date.parse(message.at) - Date.parse(before.at) > 5 * 60_000;
}
