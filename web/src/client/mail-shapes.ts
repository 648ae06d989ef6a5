/** The shapes of the mail desk's API, as the contract of email has them. */
import type { components } from "./schema";
import type { Named } from "./shapes";

type Schemas = components["schemas"];

export type Address = Schemas["Address"];
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

export type OutgoingAddress = Schemas["OutgoingAddress"];

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
export type Attachment = Schemas["Attachment"];
export type ThreadMail = Omit<Schemas["ThreadMail"], "direction" | "kind"> & {
  direction: "in" | "out";
  kind: MailKind;
};
export type DraftFile = Schemas["File"];
/** What the person writes; `version` is the one on the server that it started from, 0 for none yet. */
/** `inbox_id` and `note`: of a mail that answers none. */
export type Draft = Required<Schemas["Draft"]> & { inbox_id?: string; note?: string };
export type SavedDraft = Required<Schemas["SavedDraft"]> & { inbox_id?: string; note?: string };
export type NewDraftLine = Schemas["NewDraftLine"];
export type ThreadContact = Omit<Schemas["ThreadContact"], "state"> & { state: WorkState };
export type Thread = Omit<Schemas["Thread"], "contact" | "mails" | "can" | "draft"> & {
  draft: SavedDraft | null;
  contact: ThreadContact;
  mails: ThreadMail[];
  can: MailVerb[];
};
export type Answer = Schemas["Answer"];
export type Sent = Schemas["Sent"];

export type HeldAnswer = Schemas["HeldAnswer"];
export type InboxState = Omit<Schemas["InboxState"], "state"> & {
  state: "ok" | "waiting" | "trouble" | "off";
};
export type TypedServer = Schemas["TypedServer"];
export type TestStep = Schemas["TestStep"];
export type SetAside = Schemas["SetAside"];

export type ReadyAnswer = Schemas["AnswerLine"];
export type Suggestion = Schemas["Suggestion"];
export type RenderedAnswer = Schemas["RenderedAnswer"];
export type KeptFile = Schemas["File"];
