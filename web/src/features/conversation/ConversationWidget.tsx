import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconMessages } from "../../ui/icons";
import { Pill } from "../../ui/StatePill";
import { useLive, useMyAgent, useShortcut } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import { ConversationPanel } from "./ConversationPanel";
import classes from "./conversation.module.css";
import { inOrder } from "./fold";
import { OfferPanel } from "./OfferPanel";
import { SessionList } from "./SessionList";
import { useConversationWords } from "./words";

/** The agent's chats with visitors: who waits longest on top, one of them open. */
export function ConversationWidget() {
  const { t } = useTranslation("conversation");
  const ready = useConversationWords();
  const me = useLive(({ rows }) => rows.me);
  const agent = useMyAgent();
  const chats = inOrder(
    Object.values(me).flatMap((row) => ("contact_id" in row && row.channel === "chat" ? [row] : [])),
  );
  const [chosen, setChosen] = useState<number | null>(null);
  const open = chats.find((each) => each.contact_id === chosen) ?? chats[0] ?? null;
  // What is open stays open, whoever moves up: nobody writes to the wrong visitor.
  const openId = open?.contact_id ?? null;
  useEffect(() => setChosen(openId), [openId]);
  const waiting = chats.filter((each) => each.unanswered_since).length;
  useShortcut(
    "next_chat",
    () => {
      const at = chats.findIndex((each) => each.contact_id === open?.contact_id);
      setChosen(chats[(at + 1) % chats.length]?.contact_id ?? null);
    },
    chats.length > 1,
  );
  if (!ready) return null;
  return (
    <WidgetFrame
      title={t("title")}
      icon={IconMessages}
      flush
      badge={
        chats.length ? (
          <Pill tone={waiting ? "warn" : "good"}>
            {chats.length}
            <span className="visually-hidden"> {t("list")}</span>
          </Pill>
        ) : null
      }
    >
      {open === null ? (
        <div className={classes.nothing}>
          <p>{t("none")}</p>
          <p className={classes.faint}>{t(agent?.state === "withdrawn" ? "none_withdrawn" : "none_ready")}</p>
        </div>
      ) : (
        <div className={classes.widget}>
          <SessionList chats={chats} chosen={open.contact_id} onChoose={setChosen} />
          {open.phase === "reserved" ? (
            <OfferPanel key={open.contact_id} contact={open} />
          ) : (
            <ConversationPanel key={open.contact_id} contact={open} />
          )}
        </div>
      )}
    </WidgetFrame>
  );
}
