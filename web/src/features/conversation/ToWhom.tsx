import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationState } from "../../client/conversation-api";
import type { MyContact } from "../../realtime/rows";
import { IconRobot, IconUser, IconUsers } from "../../ui/icons";
import { type PickItem, PickList } from "../../ui/PickList";
import { StatePill } from "../../ui/StatePill";
import { useLive, useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";

type Props = {
  contact: MyContact;
  what: "transfer" | "invite";
  steps: ConversationState["hand_to"];
  onDone: () => void;
};

/** A colleague or, for a transfer, what the script offers (a bot), or a queue of chats. */
export function ToWhom({ contact, what, steps, onDone }: Props) {
  const { t, i18n } = useTranslation("conversation");
  const { api } = useServices();
  const me = useMyAgent();
  const { colleagues, queues } = useLive(({ rows }) => ({
    colleagues: rows.colleagues,
    queues: rows.queues,
  }));
  const { busy, run } = useCommand();
  const items = useMemo<PickItem[]>(() => {
    const agents = Object.values(colleagues)
      .filter((each) => each.id !== me?.id && each.state !== "logged_out")
      .toSorted(
        (a, b) => Number(b.state === "ready") - Number(a.state === "ready") || a.name.localeCompare(b.name),
      )
      .map((each) => ({
        id: `agent:${each.id}`,
        label: each.name,
        icon: <IconUser size={18} aria-hidden />,
        aside: <StatePill state={each.state} reason={each.reason_name} />,
      }));
    if (what === "invite") return agents;
    const lines = Object.values(queues)
      .filter((each) => each.channel === undefined || each.channel === "chat")
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((each) => ({
        id: `queue:${each.id}`,
        label: each.name,
        icon: <IconUsers size={18} aria-hidden />,
      }));
    const own = i18n.language.slice(0, 2);
    const offered = steps.map(({ to, labels }) => ({
      id: to,
      label: labels[own] ?? labels.en ?? Object.values(labels)[0] ?? to,
      hint: t("hand_to"),
      icon: <IconRobot size={18} aria-hidden />,
    }));
    return [...offered, ...agents, ...lines];
  }, [colleagues, queues, me?.id, what, steps, i18n.language, t]);
  return (
    <div className={classes.drawer}>
      <PickList
        label={t(what === "invite" ? "invite_to" : "transfer_to")}
        placeholder={t("transfer_find")}
        items={items}
        nothing={t("nobody")}
        autoFocus
        busy={busy}
        onEscape={onDone}
        onPick={async ({ id }) => {
          const done = await run(() =>
            what === "invite"
              ? api.conversation.invite(contact.contact_id, id.replace(/^agent:/, ""))
              : api.transfer(contact.contact_id, id),
          );
          if (done) onDone();
        }}
      />
    </div>
  );
}
