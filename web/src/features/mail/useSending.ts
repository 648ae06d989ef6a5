import { useRef, useState } from "react";
import type { DraftKeeper } from "../../client/draft-keeper";
import type { Draft, Thread } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import type { Action } from "../../lib/shortcuts";
import { useLive, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { editedShare, isAddress, isBlank, missesAttachment, travelling, unfilled } from "./compose";
import type { Canned } from "./MailEditor";
import { useText } from "./text";

export const ways = {
  next: { action: "mail_send_next", word: "send_next" },
  close: { action: "mail_send_close", word: "send_close" },
  keep: { action: "mail_send", word: "send" },
  park: { action: "mail_send_park", word: "send_park" },
} as const satisfies Record<string, { action: Action; word: string }>;
export type Way = keyof typeof ways;

type On = {
  thread: Thread;
  keeper: DraftKeeper;
  canned: Canned[];
  uploading: boolean;
  onNext: () => void;
  onSent: () => void;
};
export type Warning = { words: string; anyway?: () => void };

/** Looks an answer over, sends it once, and goes where the person wants to go. */
export function useSending({ thread, keeper, canned, uploading, onNext, onSent }: On) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const { busy, run } = useCommand();
  const [reason, setReason] = useState(thread.contact.closing_reason?.id ?? "");
  const [note, setNote] = useState("");
  const [insist, setInsist] = useState(false);
  const [warning, setWarning] = useState<Warning | null>(null);
  const [parking, setParking] = useState(false);
  const reasonField = useRef<HTMLSelectElement>(null);
  // How many mails of the thread were there when it was last read: a newer one makes the server ask first.
  const arrived = useLive(({ rows }) => rows.me[`contact:${thread.contact.contact_id}`]);
  const shown = thread.mails.length;
  const seen = useRef({ shown: -1, mails: 0 });
  if (seen.current.shown !== shown)
    seen.current = { shown, mails: arrived && "mails" in arrived ? (arrived.mails ?? 0) : 0 };
  // What the answer is written to: a colleague's answer since then is told before ours leaves.
  const known = useRef(thread.mails.at(-1)?.id ?? 0);
  const anyway = useRef(false);
  const tried = useRef<{ draft: Draft; way: Way; key: string } | null>(null);
  const id = thread.contact.contact_id;
  const signature = thread.signature?.text ?? "";

  function objection(draft: Draft, way: Way): Warning | null {
    const all = [...draft.to, ...draft.cc, ...draft.bcc];
    const wrong = all.find((each) => !isAddress(each));
    if (uploading) return { words: t("compose.wait_upload") };
    if (draft.to.length === 0) return { words: t("compose.missing") };
    if (wrong) return { words: t("compose.wrong", { address: wrong }) };
    if (isBlank(draft, signature)) return { words: t("compose.no_text") };
    const closes = way === "next" || way === "close";
    if (closes && thread.closing_reason_required && (thread.closing_reasons ?? []).length > 0 && !reason) {
      setInsist(true);
      reasonField.current?.focus();
      return { words: t("compose.reason_first") };
    }
    return null;
  }

  function send(way: Way, sure = false) {
    const { draft } = keeper.store.getState();
    const bad = objection(draft, way);
    if (bad) return setWarning(bad);
    setInsist(false);
    const missing = unfilled(draft).join(", ");
    if (!sure && missing)
      return setWarning({ words: t("compose.unfilled", { names: missing }), anyway: () => send(way, true) });
    if (!sure && missesAttachment(draft, signature))
      return setWarning({ words: t("compose.attachment_missing"), anyway: () => send(way, true) });
    setWarning(null);
    if (way === "park") return setParking(true);
    void go(way, null, "");
  }

  /** A second try of the same text carries the same key: a server that has it already sends it once. */
  function keyFor(draft: Draft, way: Way): string {
    const before = tried.current;
    if (before?.draft === draft && before.way === way) return before.key;
    tried.current = { draft, way, key: crypto.randomUUID() };
    return tried.current.key;
  }

  async function go(way: Way, parkUntil: string | null, parkReason: string) {
    await keeper.end();
    const { draft } = keeper.store.getState();
    const key = keyFor(draft, way);
    let other: string | null = null;
    const gone = await run(async () => {
      const sent = await api.mail
        .answer(id, {
          ...draft,
          attachments: travelling(draft.attachments, draft.html),
          // biome-ignore lint/suspicious/noThenProperty: the name in the API; a word and no function
          then: way === "next" || way === "close" ? "close" : way,
          park_until: parkUntil,
          park_reason: parkReason,
          closing_reason_id: reason,
          note,
          key,
          seen_mails: seen.current.mails,
          known_mail: known.current,
          anyway: anyway.current,
        })
        .catch((error: unknown) => {
          if (!(error instanceof Problem) || error.code !== "already_answered") throw error;
          other = String(error.params.by ?? "");
          return null;
        });
      if (!sent) return;
      const until = sent.undo_until;
      if (until)
        mailDesk.setState(({ undo }) => ({
          undo: [
            ...undo,
            {
              contactId: id,
              mailId: sent.mail_id,
              until,
              name: thread.contact.remote_name || thread.contact.remote,
              held: sent.state === "held",
            },
          ],
        }));
    });
    if (!gone) return keeper.revive();
    setParking(false);
    if (other !== null) {
      keeper.revive();
      onSent(); // the thread is read again: their answer is there to be seen
      const again = () => {
        anyway.current = true;
        setWarning(null);
        void go(way, parkUntil, parkReason);
      };
      return setWarning({ words: t("compose.already_answered", { name: other }), anyway: again });
    }
    known.current = Math.max(known.current, thread.mails.at(-1)?.id ?? 0);
    anyway.current = false;
    mailDesk.keepers.delete(id);
    for (const each of canned)
      api.mail.used(each.answerId, id, editedShare(each.text, draft.text), true).catch(() => undefined);
    onSent();
    if (way !== "keep") onNext();
  }

  return {
    busy,
    send: (way: Way) => send(way),
    warning,
    insist,
    reason,
    setReason: (value: string) => {
      setInsist(false);
      setReason(value);
    },
    reasonField,
    note,
    setNote,
    parking,
    cancelPark: () => setParking(false),
    sendParked: (until: string | null, why: string) => void go("park", until, why),
  };
}
