/** The shapes of the mail desk's API, as the contract of email has them. */
import type { components } from "./schema";
import type { Named } from "./shapes";

type Schemas = components["schemas"];

export type Address = { address: string; name: string };
export type MailVerb =
  | "claim"
  | "accept"
  | "decline"
  | "answer"
  | "park"
  | "unpark"
  | "return"
  | "forward"
  | "transfer"
  | "wrap_up"
  | "hang_up"
  | "recall"
  | "reopen";

/** What the desktop is told of mail at its start; null or missing: this person works on no mail. */
export type MailDesk = { mode: "push" | "pull"; undo_seconds: number; upload_limit_mb: number };
export type SendingAddress = { inbox_id: string; address: string; name: string };

/** Where an open contact stands; `closed` only in a row that says that it leaves the lists. */
export type WorkState =
  | "script"
  | "waiting"
  | "offered"
  | "in_contact"
  | "parked"
  | "validating"
  | "sending"
  | "wrap_up"
  | "closed";
export type WorkItem = Omit<Schemas["WorkItem"], "state"> & { state: WorkState };
/** No longer for these eyes. */
export type WorkGone = { contact_id: number; seq: number; gone: true };
export type WorkSort = Schemas["Filters"]["sort"];
export type WorkQuery = Partial<Omit<Schemas["Filters"], "states">> & {
  states?: Exclude<WorkState, "closed">[];
};
export type WorkPage = Omit<Schemas["WorkPage"], "items"> & { items: WorkItem[] };
export type WorkView = Omit<Schemas["View"], "filters"> & { filters: WorkQuery };
/** Who has a contact open on a screen now. */
export type Viewers = { contact_id: number; people: Named[] };

export type MailKind = "person" | "auto_reply" | "bounce" | "list" | "calendar" | "loop";
export type Attachment = { index: number; name: string; media_type: string; size: number; inline: boolean };
export type ThreadMail = {
  id: number;
  direction: "in" | "out";
  kind: MailKind;
  state: string;
  from: string;
  from_name: string;
  to: Address[];
  cc: Address[];
  bcc?: Address[];
  subject: string;
  sent_at: string | null;
  received_at: string | null;
  text: string;
  has_html: boolean;
  has_remote_images?: boolean;
  quoted_text: string;
  signature_text: string;
  language: string;
  attachments: Attachment[];
  agent: Named | null;
  remark?: string;
  failure?: string;
  expert?: boolean;
};
export type DraftFile = {
  file_id: string;
  name: string;
  media_type: string;
  size: number;
  inline_id: string;
};
/** What the person writes; `version` is the one on the server that it started from, 0 for none yet. */
export type Draft = {
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  html: string;
  text: string;
  attachments: DraftFile[];
  language: string;
  plain: boolean;
  version: number;
};
export type SavedDraft = Draft & { saved_at: string; saved_by: Named | null };
export type ThreadContact = {
  contact_id: number;
  thread_id: number | null;
  channel: string;
  state: WorkState;
  subject: string;
  remote: string;
  remote_name: string;
  queue: Named | null;
  agent: Named | null;
  entry_point: Named | null;
  space_id: string;
  language: string;
  tags: string[];
  values: Record<string, string>;
  arrived_at: string;
  due_at: string | null;
  parked_until: string | null;
  closing_reason: Named | null;
  end_customer?: Named | null;
};
export type ThreadNote = { at: string; agent: Named | null; text: string };
export type Thread = {
  contact: ThreadContact;
  mails: ThreadMail[];
  draft: SavedDraft | null;
  notes: ThreadNote[];
  can: MailVerb[];
  viewers?: Named[];
  undo?: { mail_id: number; until: string } | null;
  closing_reasons?: Named[];
  closing_reason_required?: boolean;
  languages?: string[];
  signature?: { html: string; text: string };
  from_addresses?: SendingAddress[];
};
export type Then = "close" | "keep" | "park";
export type Answer = Draft & {
  then: Then;
  park_until?: string | null;
  park_reason?: string;
  closing_reason_id?: string;
  note?: string;
  key: string;
};
export type Sent = { mail_id: number; state: "sending" | "held"; undo_until: string | null };

export type HeldAnswer = {
  mail_id: number;
  contact_id: number;
  subject: string;
  remote: string;
  remote_name: string;
  agent: Named;
  queue: Named | null;
  rule: string;
  held_at: string;
  due_at: string | null;
  language: string;
};
export type InboxState = {
  id: string;
  name: string;
  address: string;
  space: Named | null;
  receive: { kind: string; host: string; port: number } | null;
  state: "ok" | "waiting" | "trouble" | "off";
  last_fetch_at: string | null;
  waiting_since: string | null;
  error: string;
  sent_today: number;
  failed_today: number;
};
export type TestStep = { name: string; ok: boolean; detail: string };
export type SetAside = {
  mail_id: number;
  inbox: Named | null;
  received_at: string;
  sender: string;
  subject: string;
  size: number;
  reason: string;
};

export type ReadyAnswer = Schemas["AnswerLine"];
export type Suggestion = {
  answer_id: string;
  title: string;
  score: number;
  language: string;
  missing: string[];
  preview?: string;
};
export type RenderedAnswer = Schemas["RenderedAnswer"];
export type KeptFile = { file_id: string; name: string; media_type: string; size: number };
