/**
 * Brings an agent's line back by itself: after a reload, a change of network, a laptop swapped in the middle of a call.
 *
 * The server says that there is a call; the softphone says that it is registered and has no line for it. A reload is
 * faster than Asterisk's own time-out, so the server may still believe in the old line: it is asked to dial again all
 * the same, which it does with "answer by yourself". A short patience keeps a call that is just ending, or a line that
 * is just being dialled, from being taken for a lost one.
 */
import type { Api } from "../client/api";
import type { Live } from "../realtime/live";
import { contactAtHand, myAgent } from "../realtime/rows";
import type { Softphone } from "../softphone/phone";

const patience = 900;
const askAgainAfter = 4_000;

/** The contact whose line is missing in this browser now, or null. */
export function missingLine(live: Live, phone: Softphone): number | null {
  const { rows, status } = live.store.getState();
  const line = phone.store.getState();
  const agent = myAgent(rows.me);
  const contact = contactAtHand(rows.me);
  if (status !== "live" || !contact || agent?.phone?.kind !== "browser" || !agent.telephony_up) return null;
  if (line.role !== "phone" || line.registration !== "registered" || line.call !== null) return null;
  if (contact.phase !== "talking" && contact.phase !== "adrift") return null;
  if (contact.leg_state === "dialling" || contact.leg_state === "ringing") return null;
  return contact.can.includes("reconnect") ? contact.contact_id : null;
}

/** The server dials this phone for a call that I am already in, or that I have asked for: nothing to decide. */
export function ownLineRings(live: Live, phone: Softphone): boolean {
  const { call, role } = phone.store.getState();
  const contact = contactAtHand(live.store.getState().rows.me);
  if (role !== "phone" || call?.phase !== "ringing" || !contact || call.contactId !== contact.contact_id)
    return false;
  return contact.phase === "talking" || contact.phase === "adrift" || contact.phase === "dialling";
}

export function mendLines(api: Pick<Api, "reconnect">, live: Live, phone: Softphone): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;

  function look(): void {
    if (ownLineRings(live, phone)) phone.answer();
    const missing = missingLine(live, phone);
    if (missing === null) {
      if (timer) clearTimeout(timer);
      timer = null;
    } else timer ??= setTimeout(() => ask(missing), patience);
  }
  function ask(contactId: number): void {
    timer = setTimeout(() => {
      timer = null;
      look();
    }, askAgainAfter);
    api.reconnect(contactId).catch(() => undefined); // refused: it is looked at again in a moment
  }

  look();
  const stops = [live.store.subscribe(look), phone.store.subscribe(look)];
  return () => {
    if (timer) clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** The browser says that the network changed or came back: nothing waits for its own time-out. */
export function followNetwork(live: Live, phone: Softphone): () => void {
  const back = () => {
    live.restart();
    live.hurry();
    phone.networkChanged();
  };
  const seen = () => {
    if (!document.hidden) live.hurry();
  };
  addEventListener("online", back);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", back);
    document.removeEventListener("visibilitychange", seen);
  };
}
