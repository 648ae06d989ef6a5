import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Thread } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import { IconAlertTriangle, IconCornerUpLeft, IconEye, IconUser } from "../../ui/icons";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useLive, useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { type Text, useText } from "./text";
import classes from "./thread.module.css";
import { threadKey } from "./useThread";

/** Who else is here, and where the contact stands when it is not in my hands. */
export function Standing({ thread, onChanged }: { thread: Thread; onChanged: () => void }) {
  const { t, instant } = useText();
  const { api, mailDesk } = useServices();
  const me = useMyAgent()?.id ?? "";
  const { busy, run } = useCommand();
  const claim = useClaim();
  const { contact, can } = thread;
  const id = contact.contact_id;
  const viewers = useLive(({ rows }) => rows.viewers[id]?.people);
  const others = (viewers ?? []).filter((each) => each.id !== me && each.id !== contact.agent?.id);
  const held = contact.agent && contact.agent.id !== me && contact.state !== "closed";
  const words =
    contact.state === "parked"
      ? contact.parked_until
        ? t("thread.parked", { time: instant(contact.parked_until) })
        : t("thread.parked_reply")
      : contact.state === "validating"
        ? t("thread.validating")
        : contact.state === "closed"
          ? contact.closing_reason
            ? t("thread.closed", { reason: contact.closing_reason.name })
            : t("thread.closed_plain")
          : "";
  const sentBack = contact.trouble?.startsWith("sent_back")
    ? thread.mails.findLast((mail) => mail.state === "sent_back")
    : undefined;
  const troubles = [
    contact.trouble && !sentBack ? troubleWords(contact.trouble, t) : "",
    contact.return_reason ? t("thread.returned", { reason: contact.return_reason }) : "",
    contact.expert_to
      ? t("thread.expert", {
          to: contact.expert_to,
          time: contact.expert_deadline ? instant(contact.expert_deadline) : "–",
        })
      : "",
  ].filter(Boolean);
  const order = (act: () => Promise<unknown>) => void run(act).then(onChanged);
  const takeable = can.includes("claim") && !held;
  const quiet = !held && !words && !sentBack && others.length === 0 && !takeable && troubles.length === 0;
  if (quiet && !can.includes("recall")) return null;
  return (
    <div className={classes.standing} role="status">
      {sentBack ? (
        <div className={classes.sentBack}>
          <IconCornerUpLeft size={18} aria-hidden />
          <div>
            <b>{t("thread.sent_back_by", { name: sentBack.remark_by?.name ?? t("thread.somebody") })}</b>
            <p>{sentBack.remark}</p>
            {can.includes("answer") ? <small>{t("thread.sent_back_hint")}</small> : null}
          </div>
        </div>
      ) : null}
      {held ? (
        <span className={classes.heldBy}>
          <IconUser size={15} aria-hidden />
          {t("thread.held", { name: contact.agent?.name })}
        </span>
      ) : null}
      {words ? <span>{words}</span> : null}
      {troubles.map((each) => (
        <span key={each} className={classes.lookers}>
          <IconAlertTriangle size={15} aria-hidden />
          {each}
        </span>
      ))}
      {others.length > 0 ? (
        <span className={classes.lookers}>
          <IconEye size={15} aria-hidden />
          {t(others.length > 1 ? "thread.looks_many" : "thread.looks", {
            names: others.map((each) => each.name).join(", "),
          })}
        </span>
      ) : null}
      <span className={classes.standingActs}>
        {takeable ? (
          <Button
            size="compact-md"
            loading={busy}
            rightSection={<kbd className={classes.key}>C</kbd>}
            onClick={() => void claim(id).then(onChanged)}
          >
            {t("thread.take")}
          </Button>
        ) : null}
        {can.includes("recall") && thread.undo ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() => order(() => api.mail.recall(id, thread.undo?.mail_id ?? 0))}
          >
            {t("undo.take_back")}
          </Button>
        ) : null}
        {can.includes("unpark") ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() => order(() => api.mail.unpark(id))}
          >
            {t("thread.unpark")}
          </Button>
        ) : null}
        {can.includes("reopen") ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() =>
              order(async () => {
                const again = await api.mail.reopen(id);
                mailDesk.setState({ open: again.contact_id });
              })
            }
          >
            {t("thread.reopen")}
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** "sent_back: too short" → a sentence around what was said. */
function troubleWords(trouble: string, t: Text["t"]): string {
  const [kind = "", said = ""] = trouble.split(/:\s*(.*)/s);
  switch (kind) {
    case "sent_back":
      return t("thread.trouble_sent_back", { said });
    case "bounced":
      return t("thread.trouble_bounced", { said });
    case "failed":
      return t("thread.trouble_failed", { said });
    case "expert_overdue":
      return t("thread.trouble_expert_overdue");
    default:
      return trouble;
  }
}

/** Takes a mail from the list. Who was first is said by name. */
export function useClaim() {
  const { t, common } = useText();
  const { api } = useServices();
  const queries = useQueryClient();
  return useCallback(
    async (id: number): Promise<boolean> => {
      try {
        await api.mail.claim(id);
        return true;
      } catch (error) {
        if (error instanceof Problem && error.code === "already_taken") {
          const holder = await api.mail.thread(id).catch(() => null);
          const by = holder?.contact.agent?.name ?? "";
          void notice("red", by ? t("thread.taken", { name: by }) : t("thread.taken_unknown"));
        } else void notice("red", sentenceOf(error, common));
        return false;
      } finally {
        void queries.invalidateQueries({ queryKey: threadKey(id) });
      }
    },
    [api, queries, t, common],
  );
}
