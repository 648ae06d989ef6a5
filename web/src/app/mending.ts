/**
 * Brings an agent's line back by itself: after a reload, a change of network, a laptop swapped in the middle of a call.
 *
 * The server says that the line is lost; the softphone says that it is registered and has no call; only then is the
 * server asked to dial again, which it does with "answer by yourself".
 */
import type { Api } from "../client/api";
import type { Live } from "../realtime/live";
import { contactAtHand, myAgent } from "../realtime/rows";
import type { Softphone } from "../softphone/phone";

const askAgainAfter = 4_000;

export function mendLines(api: Api, live: Live, phone: Softphone): () => void {
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function look(): void {
    const { rows, status } = live.store.getState();
    const line = phone.store.getState();
    const agent = myAgent(rows.me);
    const contact = contactAtHand(rows.me);
    const lost =
      contact?.phase === "adrift" &&
      (contact.leg_state === "lost" || contact.leg_state === "") &&
      status === "live";
    const able =
      agent?.phone?.kind === "browser" &&
      line.role === "phone" &&
      line.registration === "registered" &&
      line.call === null;
    if (!lost || !able || !contact.can.includes("reconnect")) return;
    const wait = askedAt + askAgainAfter - performance.now();
    if (wait > 0) {
      timer ??= setTimeout(() => {
        timer = null;
        look();
      }, wait);
      return;
    }
    askedAt = performance.now();
    api.reconnect(contact.contact_id).catch(() => undefined); // refused: the next change of state looks again
  }

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
