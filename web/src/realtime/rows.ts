/** The rows of the live topics (docs/reference, "Live"). */
import type { ConversationRow } from "../client/conversation-api";
import type { MailVerb, Viewers, WorkGone, WorkItem } from "../client/mail-shapes";
import type { ChatMessage, Named, PhoneChoice, SeatKind, SkillLevel } from "../client/shapes";

export type AgentStateName = "logged_out" | "ready" | "reserved" | "in_contact" | "wrap_up" | "withdrawn";

export type MeAgent = {
  id: string;
  name: string;
  state: AgentStateName;
  since: string;
  reason_id: string;
  reason_name: string;
  planned_reason_id: string | null;
  planned_reason_name?: string | null;
  seat: SeatKind | null;
  phone: PhoneChoice | null;
  phone_reachable: boolean;
  telephony_up: boolean;
};

export type ContactPhase =
  | "reserved"
  | "dialling"
  | "talking"
  | "held"
  | "adrift"
  | "parked"
  | "validating"
  | "sending"
  | "wrap_up"
  | "ended";
export type Verb =
  | "hold"
  | "resume"
  | "transfer"
  | "hang_up"
  | "digits"
  | "reconnect"
  | "wrap_up"
  | "accept"
  | "decline";

export type MyContact = {
  contact_id: number;
  channel: "voice" | "email" | "chat";
  direction: "inbound" | "outbound";
  phase: ContactPhase;
  since: string;
  offered_at: string | null;
  answered_at: string | null;
  ring_until: string | null;
  wrap_up_until: string | null;
  remote: string;
  remote_name: string;
  address: string;
  queue: Named | null;
  entry_point: Named | null;
  space_id: string;
  language: string;
  tags: string[];
  values: Record<string, string>;
  skills: SkillLevel[];
  waited_seconds: number | null;
  leg_id: string | null;
  line: string | null;
  leg_state: "dialling" | "ringing" | "up" | "lost" | "";
  closing_reason_id: string | null;
  note: string;
  closing_reason_required: boolean;
  closing_reasons: Named[];
  website: string;
  /** Of a chat: since when the visitor waits for an answer, and what was said last. */
  unanswered_since?: string | null;
  last_message?: { author: string; text: string; at: string } | null;
  visitor_connected?: boolean;
  /** He was invited into the chat; who holds it has "". */
  role?: "colleague" | "";
  /** The chat that this one goes on with. */
  earlier_id?: number | null;
  /** Of a call: the chat that it comes from. */
  chat_id?: number | null;
  unread?: number;
  can: (Verb | MailVerb)[];
  arrived_at?: string;
  subject?: string;
  /** Of a contact by email. */
  thread_id?: number | null;
  due_at?: string | null;
  parked_until?: string | null;
  held_mail_id?: number | null;
  sending_until?: string | null;
  parked_reason?: string;
  expert_to?: string;
  /** bounced: … | failed: … | sent_back: … | expert_overdue */
  trouble?: string;
  mails?: number;
  viewers?: Named[];
};

export type Colleague = {
  id: string;
  name: string;
  state: AgentStateName;
  since: string;
  reason_name: string;
  groups: string[];
  extension: string;
  space_ids: string[];
};

export type LiveQueue = {
  channel?: string;
  id: string;
  name: string;
  space_id: string;
  waiting: number;
  longest_since: string | null;
  ready: number;
  agents: number;
  offered: number;
  answered: number;
  abandoned: number;
  service_level: number | null;
};

/** `growing_since`: from this instant on the value grows by one each second (the time of the present state). */
export type LiveFigure = {
  id: string;
  name: string;
  value: number | null;
  unit: string;
  definition: string;
  growing_since?: string | null;
};

/** Rows of each topic by key. `me` mixes the agent's own row ("agent") with his contacts ("contact:4711"). */
export type Rows = {
  me: Record<string, MeAgent | MyContact>;
  colleagues: Record<string, Colleague>;
  queues: Record<string, LiveQueue>;
  chat: Record<string, ChatMessage>;
  figures: Record<string, LiveFigure>;
  /** One chat, while it is open on a screen: its messages by number, "state" and "typing". */
  [conversation: `conversation:${number}`]: Record<string, ConversationRow>;
  /** Contacts that have changed lately, by id; followed while a list is open. */
  work: Record<string, WorkItem | WorkGone>;
  /** Who has a contact open, by its id; nobody else's look is there. */
  viewers: Record<string, Viewers>;
};
export type Topic = keyof Rows;
export const topics: readonly Topic[] = ["me", "colleagues", "queues", "chat", "figures"];

export function myAgent(me: Rows["me"]): MeAgent | null {
  const row = me.agent;
  return row && "state" in row ? row : null;
}

export function myContacts(me: Rows["me"]): MyContact[] {
  return Object.values(me).filter((row): row is MyContact => "contact_id" in row);
}

const urgency: ContactPhase[] = ["reserved", "dialling", "adrift", "talking", "held", "wrap_up"];

/** The voice contact that the call card shows: a ringing one before a call before a wrap-up. */
export function contactAtHand(me: Rows["me"]): MyContact | null {
  const open = myContacts(me).filter((c) => c.channel === "voice" && c.phase !== "ended");
  open.sort((a, b) => urgency.indexOf(a.phase) - urgency.indexOf(b.phase) || a.contact_id - b.contact_id);
  return open[0] ?? null;
}

/** The mails in a person's hands: an offered one, those being worked on, parked, waiting for validation, on their way. */
export function myMails(me: Rows["me"]): MyContact[] {
  return myContacts(me).filter((c) => c.channel === "email" && c.phase !== "ended");
}

/** The mail that was offered first. */
export function firstOffered(me: Rows["me"]): MyContact | null {
  const offered = myMails(me).filter((c) => c.phase === "reserved");
  offered.sort(
    (a, b) => (a.offered_at ?? a.since).localeCompare(b.offered_at ?? b.since) || a.contact_id - b.contact_id,
  );
  return offered[0] ?? null;
}
