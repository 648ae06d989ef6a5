/** What the mail desk keeps while the person goes from the widget to the page and back. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { DraftKeeper } from "./draft-keeper";
import type { WorkQuery } from "./mail-shapes";

export type Undo = { contactId: number; mailId: number; until: string; name: string; held: boolean };
export type MailDeskState = {
  open: number | null;
  query: WorkQuery;
  viewId: string | null;
  undo: Undo[];
};
export type MailDeskStore = StoreApi<MailDeskState> & {
  /** The drafts at hand, by contact. */
  keepers: Map<number, DraftKeeper>;
  /** The new mails at hand, by the id of their draft. */
  newMails: Map<string, NewMailAtHand>;
  /** Puts a ready-made answer into the text that is being written, while one is. */
  insert: { current: ((answerId: string) => void) | null };
};

/** `id`: of its draft, and the key by which it is sent once. */
export type NewMailAtHand = { id: string; keeper: DraftKeeper };

export const firstQuery: WorkQuery = { states: ["waiting"], sort: "due" };
/** The views that everybody has. */
export const ownViews = {
  todo: firstQuery,
  mine: { mine: true, sort: "due" },
  open: { sort: "due" },
  closed: { closed: true, days: 30 },
} satisfies Record<string, WorkQuery>;

export function newMailDesk(): MailDeskStore {
  const store = createStore<MailDeskState>(() => ({ open: null, query: firstQuery, viewId: null, undo: [] }));
  return Object.assign(store, {
    keepers: new Map<number, DraftKeeper>(),
    newMails: new Map<string, NewMailAtHand>(),
    insert: { current: null },
  });
}
