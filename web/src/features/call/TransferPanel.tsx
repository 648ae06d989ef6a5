import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { dialString, looksLikeNumber, readableNumber } from "../../lib/text";
import type { MyContact } from "../../realtime/rows";
import { IconPhone, IconUser, IconUsers } from "../../ui/icons";
import { type PickItem, PickList } from "../../ui/PickList";
import { StatePill } from "../../ui/StatePill";
import { useLive, useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./call.module.css";

/** Blind transfer: to an agent (with the state he is in now), a queue or an outside number. */
export function TransferPanel({ contact, onDone }: { contact: MyContact; onDone: () => void }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const me = useMyAgent();
  const { colleagues, queues } = useLive(({ rows }) => ({
    colleagues: rows.colleagues,
    queues: rows.queues,
  }));
  const { busy, run } = useCommand();

  const items = useMemo<PickItem[]>(() => {
    const rank = { ready: 0, in_contact: 1, reserved: 1, wrap_up: 1, withdrawn: 2, logged_out: 3 };
    const agents = Object.values(colleagues)
      .filter((each) => each.id !== me?.id && each.state !== "logged_out")
      .sort((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name));
    const lines = Object.values(queues).sort((a, b) => a.name.localeCompare(b.name));
    return [
      ...agents.map((each) => ({
        id: `agent:${each.id}`,
        label: each.name,
        hint: each.extension ? t("transfer.extension", { extension: each.extension }) : undefined,
        group: t("transfer.agents"),
        icon: <IconUser size={18} aria-hidden />,
        aside: <StatePill state={each.state} reason={each.reason_name} />,
        disabled: each.state !== "ready",
      })),
      ...lines.map((each) => ({
        id: `queue:${each.id}`,
        label: each.name,
        group: t("transfer.queues"),
        icon: <IconUsers size={18} aria-hidden />,
        hint: `${t("transfer.waiting", { count: each.waiting })} · ${t("transfer.ready", { count: each.ready })}`,
      })),
    ];
  }, [colleagues, queues, me?.id, t]);

  const typed = (text: string): PickItem | null =>
    looksLikeNumber(text)
      ? {
          id: `number:${dialString(text)}`,
          label: t("transfer.to_number", { number: readableNumber(dialString(text)) }),
          group: t("transfer.outside"),
          icon: <IconPhone size={18} aria-hidden />,
        }
      : null;

  return (
    <div className={classes.drawer}>
      <PickList
        label={t("transfer.title")}
        placeholder={t("transfer.placeholder")}
        items={items}
        typed={typed}
        nothing={t("transfer.nothing")}
        autoFocus
        busy={busy}
        onEscape={onDone}
        onPick={async (item) => {
          if (await run(() => api.transfer(contact.contact_id, item.id))) onDone();
        }}
      />
    </div>
  );
}
