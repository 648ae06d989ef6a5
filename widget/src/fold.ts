/** The visitor's copy of the conversation: a fold of what the server says. Pure. */
import type { FromServer, Message, SessionState } from "./protocol";

export type Conversation = {
  /** Number of the last message that was taken over; the next one must be `last + 1`. */
  last: number;
  messages: readonly Message[];
  state: SessionState;
  typing: boolean;
  /** The agent has read up to this number. */
  read: number;
};

export const nothingYet: Conversation = {
  last: 0,
  messages: [],
  state: { state: "script" },
  typing: false,
  read: 0,
};

/** The conversation after `frame`; null when a message is missing between, so that it must be asked for again. */
export function fold(before: Conversation, frame: FromServer): Conversation | null {
  switch (frame.t) {
    case "message":
      return withMessage(before, frame);
    case "state": {
      const { t: _, ...state } = frame;
      return { ...before, state, typing: state.state === "talking" && before.typing };
    }
    case "hello":
      return frame.state ? { ...before, state: { ...before.state, state: frame.state } } : before;
    case "typing":
      return before.typing === frame.on ? before : { ...before, typing: frame.on };
    case "read":
      return frame.n > before.read ? { ...before, read: frame.n } : before;
    default:
      return before;
  }
}

function withMessage(before: Conversation, frame: { t: "message" } & Message): Conversation | null {
  const { t: _, ...message } = frame;
  if (message.n > before.last + 1) return null;
  if (message.n <= before.last) {
    // Told again: after a reconnection, or because it was edited or deleted.
    return { ...before, messages: before.messages.map((each) => (each.n === message.n ? message : each)) };
  }
  const messages = message.kind === "gap" ? before.messages : [...before.messages, message];
  const typing = message.from === "visitor" && before.typing;
  return { ...before, last: message.n, messages, typing };
}
