import { useTranslation } from "react-i18next";
import type { MyContact } from "../../realtime/rows";
import { IconMessagePlus, IconPlugConnectedX } from "../../ui/icons";
import { Timer } from "../../ui/Timer";
import classes from "./conversation.module.css";
import { visitorName } from "./names";

type Props = { chats: MyContact[]; chosen: number; onChoose: (contactId: number) => void };

/** Plain rows: they tick. */
export function SessionList({ chats, chosen, onChoose }: Props) {
  const { t } = useTranslation("conversation");
  return (
    <nav className={`${classes.list} scroll`} aria-label={t("list")}>
      {chats.map((chat) => (
        <button
          key={chat.contact_id}
          type="button"
          className={classes.session}
          aria-current={chat.contact_id === chosen || undefined}
          onClick={() => onChoose(chat.contact_id)}
        >
          <span className={classes.who}>
            {chat.phase === "reserved" ? <IconMessagePlus size={15} aria-hidden /> : null}
            {chat.visitor_connected === false && chat.phase === "talking" ? (
              <IconPlugConnectedX size={14} aria-hidden />
            ) : null}
            <b>{visitorName(chat, t)}</b>
            <SessionTime chat={chat} />
          </span>
          <span className={classes.snippet}>
            <span>
              {chat.phase === "reserved"
                ? t("offered")
                : chat.phase === "wrap_up"
                  ? t("phase_ended")
                  : (chat.last_message?.text ?? chat.queue?.name ?? "")}
            </span>
            {chat.unread ? (
              <em className={classes.unread}>
                {chat.unread}
                <span className="visually-hidden"> {t("unread", { count: chat.unread })}</span>
              </em>
            ) : null}
          </span>
        </button>
      ))}
    </nav>
  );
}

function SessionTime({ chat }: { chat: MyContact }) {
  const { t } = useTranslation("conversation");
  if (chat.phase === "reserved")
    return <Timer until={chat.ring_until} className={classes.late} label={t("left")} />;
  if (chat.phase === "wrap_up") return <Timer since={chat.since} className={classes.time} />;
  if (chat.unanswered_since)
    return <Timer since={chat.unanswered_since} className={classes.late} label={t("waits")} />;
  return <span className={classes.time}>{t("answered")}</span>;
}
