import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationMessage, ConversationTyping, SentFile } from "../../client/conversation-api";
import { localeOf } from "../../lib/locale";
import type { MyContact } from "../../realtime/rows";
import { useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { CallLine } from "./CallVisitor";
import classes from "./conversation.module.css";
import { beginsBlock, type OnItsWay } from "./fold";
import { visitorName } from "./names";

/** Of whom: one of the agent's own chats, or one that somebody watches. */
type Chat = Pick<MyContact, "contact_id" | "remote" | "remote_name" | "language"> & { phase: string };

type Props = {
  contact: Chat;
  messages: ConversationMessage[];
  mine: OnItsWay[];
  /** The visitor has read up to this number. */
  read: number;
  typing: ConversationTyping | null;
  onAgain: (key: string) => void;
};

/** What was said. It follows the newest message unless the agent has scrolled up. */
export function Messages({ contact, messages, mine, read, typing, onAgain }: Props) {
  const { t, i18n } = useTranslation("conversation");
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const name = visitorName(contact, t);
  const count = `${messages.length}:${mine.length}:${typing?.on}:${typing?.preview.length}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what moves the view
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    // What is written below takes room: the end stays in sight.
    const watching = new ResizeObserver(() => atEnd.current && box.scrollTo({ top: box.scrollHeight }));
    watching.observe(box);
    return () => watching.disconnect();
  }, []);
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), { hour: "2-digit", minute: "2-digit" });
  const lastSeen = messages.findLast((each) => each.author !== "visitor" && each.n <= read)?.n ?? 0;
  return (
    <ol
      ref={list}
      className={`${classes.messages} scroll`}
      aria-label={t("log", { name })}
      aria-live="polite"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
      }}
    >
      {messages.map((message, index) => (
        <Message
          key={message.n}
          contact={contact}
          message={message}
          head={beginsBlock(message, messages[index - 1]) ? time.format(new Date(message.at)) : ""}
          seen={message.n === lastSeen}
        />
      ))}
      {mine.map((each) => (
        <li key={each.key} className={classes.message} data-mine data-whisper={each.whisper || undefined}>
          <p className={classes.bubble}>{each.text}</p>
          <p className={classes.under}>
            {each.failed ? (
              <button type="button" className={classes.again} onClick={() => onAgain(each.key)}>
                {t("failed")}
              </button>
            ) : (
              t("sending")
            )}
          </p>
        </li>
      ))}
      {typing?.on ? (
        <li className={classes.typing}>
          {typing.preview ? <p className={classes.preview}>{typing.preview}</p> : null}
          {t("typing", { name })}
        </li>
      ) : null}
    </ol>
  );
}

type One = { contact: Chat; message: ConversationMessage; head: string; seen: boolean };

function Message({ contact, message, head, seen }: One) {
  const { t } = useTranslation("conversation");
  const me = useMyAgent()?.id;
  const [editing, setEditing] = useState(false);
  if (message.kind === "notice")
    return (
      <li className={classes.said}>
        {t(`notice.${message.text}` as "notice.transferred", {
          name: message.name || t("system"),
          defaultValue: message.text,
        })}
      </li>
    );
  if (message.kind === "call")
    return (
      <CallLine
        contactId={contact.contact_id}
        message={message}
        name={visitorName(contact, t)}
        mayWithdraw={!message.earlier && contact.phase === "talking" && message.agent_id === me}
      />
    );
  const mine = message.author === "agent" && message.agent_id === me;
  const whisper = message.visible_to === "agents";
  const who =
    message.author === "visitor"
      ? visitorName(contact, t)
      : mine
        ? t("you")
        : message.name || t(message.author === "agent" ? "system" : message.author);
  return (
    <li
      className={classes.message}
      data-mine={message.author !== "visitor" || undefined}
      data-whisper={whisper || undefined}
    >
      {head ? (
        <p className={classes.from}>
          <b>{who}</b> <time dateTime={message.at}>{head}</time>
          {whisper ? ` · ${t("only_colleagues")}` : ""}
        </p>
      ) : null}
      {editing ? (
        <Edit contact={contact} message={message} onDone={() => setEditing(false)} />
      ) : (
        <div className={classes.bubble} data-deleted={message.deleted || undefined}>
          {message.deleted ? t("deleted") : <Content contact={contact} message={message} />}
          {message.edited && !message.deleted ? <small> ({t("edited")})</small> : null}
        </div>
      )}
      {mine &&
      !message.deleted &&
      !message.earlier &&
      !editing &&
      contact.phase === "talking" &&
      message.kind === "text" ? (
        <Change contact={contact} message={message} onEdit={() => setEditing(true)} />
      ) : null}
      {seen ? <p className={classes.under}>{t("seen")}</p> : null}
    </li>
  );
}

function Change({
  contact,
  message,
  onEdit,
}: {
  contact: Chat;
  message: ConversationMessage;
  onEdit: () => void;
}) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { run } = useCommand();
  return (
    <p className={classes.change}>
      <button type="button" onClick={onEdit}>
        {t("edit")}
      </button>
      <button
        type="button"
        onClick={() => void run(() => api.conversation.remove(contact.contact_id, message.n))}
      >
        {t("delete")}
      </button>
    </p>
  );
}

function Edit({
  contact,
  message,
  onDone,
}: {
  contact: Chat;
  message: ConversationMessage;
  onDone: () => void;
}) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [text, setText] = useState(message.text);
  const save = async () => {
    if (text.trim() && (await run(() => api.conversation.edit(contact.contact_id, message.n, text.trim()))))
      onDone();
  };
  return (
    <form
      className={classes.edit}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        className={classes.field}
        aria-label={t("edit")}
        value={text}
        rows={2}
        lang={contact.language}
        // biome-ignore lint/a11y/noAutofocus: the person has asked for this field
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDone();
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <button type="submit" disabled={busy}>
        {t("save")}
      </button>
    </form>
  );
}

/** So long, and so often, the visitor may download it. */
function Limits({ file: { expires_at, downloads } }: { file: SentFile }) {
  const { t, i18n } = useTranslation("conversation");
  if (!expires_at && !downloads) return null;
  const until = new Intl.DateTimeFormat(localeOf(i18n.language), { dateStyle: "medium", timeStyle: "short" });
  return (
    <small className={classes.limits}>
      {[
        expires_at ? t("file_until", { at: until.format(new Date(expires_at)) }) : "",
        downloads ? t("file_times", { count: downloads }) : "",
      ]
        .filter(Boolean)
        .join(" · ")}
    </small>
  );
}

function Content({ contact, message }: { contact: Chat; message: ConversationMessage }) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { attachment, url } = message;
  if (attachment) {
    const address = api.conversation.fileUrl(contact.contact_id, attachment);
    return (
      <>
        <a href={address} target="_blank" rel="noopener noreferrer" download={attachment.name}>
          {/^image\/(png|jpeg|gif|webp)$/.test(attachment.media_type) ? (
            <img className={classes.image} src={address} alt={attachment.name} loading="lazy" />
          ) : null}
          {attachment.name} ({Math.ceil(attachment.size / 1000)} kB)
        </a>
        <Limits file={attachment} />
      </>
    );
  }
  const values = message.kind === "choice" ? [] : Object.entries(message.values);
  return (
    <>
      {message.text}
      {values.length > 0 ? (
        <dl className={classes.values}>
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {message.choices.length > 0 ? (
        <span className={classes.choices}> {message.choices.map((each) => each.label).join(" · ")}</span>
      ) : null}
      {/^https?:\/\//.test(url) ? (
        <>
          {" "}
          <a href={url} target="_blank" rel="noopener noreferrer">
            {url}
          </a>
          {message.kind === "page" ? (
            <small>
              {" "}
              ({t(message.consent === null ? "consent_open" : message.consent ? "consent_yes" : "consent_no")}
              )
            </small>
          ) : null}
        </>
      ) : null}
    </>
  );
}
