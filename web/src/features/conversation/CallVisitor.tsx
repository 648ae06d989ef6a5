import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationMessage, ConversationState } from "../../client/conversation-api";
import { dialString, looksLikeNumber, readableNumber } from "../../lib/text";
import type { MyContact } from "../../realtime/rows";
import { IconPhone, IconWorld } from "../../ui/icons";
import { type PickItem, PickList } from "../../ui/PickList";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";

type Props = { contact: MyContact; state: ConversationState | null; onDone: () => void };

/** From chat to call: in the visitor's page, or on a number: one that he has given, or one that is typed. */
export function CallVisitor({ contact, state, onDone }: Props) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { busy, run } = useCommand();
  // One key for each opening of the list: a second click asks for nothing new.
  const [key] = useState(() => crypto.randomUUID());
  const ways = state?.calls ?? [];
  const connected = state?.visitor.connected ?? false;
  const items = useMemo<PickItem[]>(() => {
    const page: PickItem[] = ways.includes("page")
      ? [
          {
            id: "page",
            label: t("call_page"),
            hint: connected ? t("call_page_asks") : t("call_page_away"),
            disabled: !connected,
            icon: <IconWorld size={18} aria-hidden />,
          },
        ]
      : [];
    const numbers = ways.includes("callback") ? (state?.numbers ?? []) : [];
    return [...page, ...numbers.map((number) => numberItem(number, t("call_number", { number })))];
  }, [ways, connected, state?.numbers, t]);
  const typed = (text: string) =>
    ways.includes("callback") && looksLikeNumber(text)
      ? numberItem(dialString(text), t("call_number", { number: readableNumber(dialString(text)) }))
      : null;
  return (
    <div className={classes.drawer}>
      <PickList
        label={t("call_how")}
        placeholder={t(ways.includes("callback") ? "call_type" : "call_how")}
        items={items}
        typed={typed}
        nothing={t(ways.length ? "call_nothing" : "call_off")}
        autoFocus
        busy={busy}
        onEscape={onDone}
        onPick={async ({ id }) => {
          const number = id === "page" ? "" : id.replace(/^number:/, "");
          const way = id === "page" ? "page" : "callback";
          if (await run(() => api.conversation.call(contact.contact_id, key, way, number))) onDone();
        }}
      />
    </div>
  );
}

function numberItem(number: string, label: string): PickItem {
  return { id: `number:${number}`, label, icon: <IconPhone size={18} aria-hidden /> };
}

/** The line in the conversation that tells of a call, and what can be done with it. */
export function CallLine({
  contactId,
  message,
  name,
  mayWithdraw,
}: {
  contactId: number;
  message: ConversationMessage;
  name: string;
  mayWithdraw: boolean;
}) {
  const { t } = useTranslation("conversation");
  const { api, requests } = useServices();
  const { busy, run } = useCommand();
  const stage = message.call ?? "calling";
  const other = stage === "talking" && message.speaker !== "";
  const open = ["asked", "accepted", "queued"].includes(stage);
  const values = { name, agent: message.speaker || message.name || t("system") };
  return (
    <li className={classes.call} data-stage={stage}>
      <IconPhone size={15} aria-hidden />
      <span>
        {other
          ? t("call_talking_other", { ...values, speaker: message.speaker })
          : t(`call_${stage}`, values)}
      </span>
      {open && mayWithdraw ? (
        <button
          type="button"
          disabled={busy}
          onClick={() => void run(() => api.conversation.withdrawCall(contactId))}
        >
          {t("call_withdraw")}
        </button>
      ) : null}
      {message.call_id ? (
        <button type="button" onClick={() => requests.ask("open_contact", { contactId: message.call_id })}>
          {t("call_open")}
        </button>
      ) : null}
    </li>
  );
}
