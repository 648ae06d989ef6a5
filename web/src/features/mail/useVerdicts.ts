import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Thread } from "../../client/mail-shapes";
import { myMails } from "../../realtime/rows";
import { notice } from "../../ui/notice";
import { useServices } from "../../ui/services";
import { type Text, useText } from "./text";
import { threadKey } from "./useThread";

/** Tells an author what has become of an answer of his that was looked over, wherever he is by then. */
export function useVerdicts() {
  const { api, live } = useServices();
  const queries = useQueryClient();
  const { t } = useText();
  useEffect(() => {
    let held = new Set<number>();
    const tell = async (id: number) => {
      await queries.invalidateQueries({ queryKey: threadKey(id) });
      const thread = await api.mail.thread(id).catch(() => null);
      const verdict = thread ? verdictOf(thread, t) : null;
      if (verdict) void notice(verdict.good ? "teal" : "red", verdict.words);
    };
    const listen = () => {
      const mails = myMails(live.store.getState().rows.me);
      const now = new Set(mails.filter((each) => each.phase === "validating").map((each) => each.contact_id));
      for (const id of held) if (!now.has(id)) void tell(id);
      held = now;
    };
    listen();
    return live.store.subscribe(listen);
  }, [api, live, queries, t]);
}

/** Null where the author has taken it back himself. */
function verdictOf({ contact, mails }: Thread, t: Text["t"]): { good: boolean; words: string } | null {
  const last = mails.findLast((mail) => mail.direction === "out" && !mail.expert);
  const values = {
    name: last?.remark_by?.name ?? t("thread.somebody"),
    to: contact.remote_name || contact.remote,
    remark: last?.remark ?? "",
  };
  // Said by the facts: the mail's own state is written a moment later.
  if (last && last.remark !== "" && last.corrects === null)
    return { good: false, words: t("verdict.sent_back", values) };
  if (last && last.corrects !== null) return { good: true, words: t("verdict.corrected", values) };
  if (!last || last.state === "recalled" || last.state === "held") return null;
  if (contact.state === "in_contact") return null;
  return { good: true, words: t("verdict.approved", values) };
}
