import { Button } from "@mantine/core";
import { memo, useId, useState } from "react";
import type { Address, ThreadMail } from "../../client/mail-shapes";
import { initials } from "../../lib/text";
import {
  type Icon,
  IconAlertTriangle,
  IconCalendarDue,
  IconCheck,
  IconChevronDown,
  IconChevronUp,
  IconCornerUpLeft,
  IconHelpCircle,
  IconHourglass,
  IconLock,
  IconMailOff,
  IconPencil,
  IconPhoto,
  IconRobot,
  IconSend,
  IconUsers,
  IconX,
} from "../../ui/icons";
import { Pill, type Tone } from "../../ui/StatePill";
import { useServices } from "../../ui/services";
import { Attachments } from "./Attachments";
import { Changes } from "./Changes";
import { HtmlFrame } from "./HtmlFrame";
import { type Text, useText } from "./text";
import classes from "./thread.module.css";

const kinds: Partial<Record<ThreadMail["kind"], { tone: Tone; icon: Icon }>> = {
  auto_reply: { tone: "mute", icon: IconRobot },
  bounce: { tone: "bad", icon: IconMailOff },
  list: { tone: "mute", icon: IconUsers },
  calendar: { tone: "calm", icon: IconCalendarDue },
  loop: { tone: "warn", icon: IconAlertTriangle },
};
const ends: Record<string, { tone: Tone; icon: Icon }> = {
  held: { tone: "warn", icon: IconHourglass },
  queued: { tone: "calm", icon: IconSend },
  submitted: { tone: "calm", icon: IconSend },
  sending: { tone: "calm", icon: IconSend },
  sent: { tone: "good", icon: IconCheck },
  failed: { tone: "bad", icon: IconX },
  bounced: { tone: "bad", icon: IconMailOff },
  recalled: { tone: "mute", icon: IconCornerUpLeft },
  sent_back: { tone: "bad", icon: IconCornerUpLeft },
  corrected: { tone: "mute", icon: IconPencil },
};

/** `original`: what the author had written, when the validation has corrected it. */
type Props = {
  mail: ThreadMail;
  original: ThreadMail | null;
  open: boolean;
  onToggle: (id: number) => void;
};

/** One mail of the thread: a line when folded, all of it when open. */
export const MailCard = memo(function MailCard({ mail, original, open, onToggle }: Props) {
  const text = useText();
  const { instant } = text;
  const bodyId = useId();
  const name = mail.agent?.name || mail.from_name || mail.from;
  const at = mail.received_at ?? mail.sent_at ?? "";
  const time = at ? instant(at) : "";
  return (
    <article
      className={classes.mail}
      data-mail={mail.id}
      data-out={mail.direction === "out" || undefined}
      data-open={open || undefined}
    >
      <button
        type="button"
        className={classes.mailHead}
        aria-expanded={open}
        aria-controls={bodyId}
        onClick={() => onToggle(mail.id)}
      >
        <span className={classes.face} aria-hidden>
          {initials(name)}
        </span>
        <span className={classes.mailWho}>
          <b>{name}</b>
          <small>{open ? mail.from : firstWords(mail.text) || closed(mail, text)}</small>
        </span>
        <MailBadges mail={mail} text={text} />
        <time dateTime={at}>{time}</time>
        {open ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
      </button>
      <div id={bodyId} hidden={!open} className={classes.mailBody}>
        {open ? <Opened mail={mail} original={original} text={text} name={name} /> : null}
      </div>
    </article>
  );
});

type NoteProps = { mail: ThreadMail; original: ThreadMail | null; text: Text };

/** Who sent an answer back and why; who corrected it, why, and each word of it. */
function ValidationNote({ mail, original, text: { t } }: NoteProps) {
  const [shown, setShown] = useState(false);
  if (!mail.remark && mail.corrects === null) return null;
  const name = mail.remark_by?.name ?? t("thread.somebody");
  return (
    <div className={classes.remark}>
      <p>
        <b>{t(mail.corrects === null ? "thread.sent_back_by" : "thread.corrected_by", { name })}</b>{" "}
        {mail.remark}
      </p>
      {original ? (
        <button
          type="button"
          className={classes.changes}
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? "thread.changes_hide" : "thread.changes_show")}
        </button>
      ) : null}
      {shown && original ? <Changes before={original.text} after={mail.text} /> : null}
    </div>
  );
}

function firstWords(text: string): string {
  return text.slice(0, 160).replace(/\s+/g, " ").trim();
}

/** What stands for the words of a mail that nobody can read here. */
function closed(mail: ThreadMail, { t }: Text): string {
  return mail.protection === "encrypted" ? t("protection.encrypted") : "";
}

function MailBadges({ mail, text: { t, i18n } }: { mail: ThreadMail; text: Text }) {
  const kind = kinds[mail.kind];
  const end = mail.direction === "out" ? ends[mail.state] : undefined;
  const endKey = `mail:sent_state.${mail.state}`;
  return (
    <span className={classes.badges}>
      {mail.expert ? (
        <Pill tone="calm" icon={IconHelpCircle}>
          {t("kind.expert")}
        </Pill>
      ) : null}
      {kind ? (
        <Pill tone={kind.tone} icon={kind.icon}>
          {t(`kind.${mail.kind as "bounce"}`)}
        </Pill>
      ) : null}
      {mail.sender_check ? (
        <Pill
          tone={mail.sender_check === "verified" ? "good" : "bad"}
          icon={mail.sender_check === "verified" ? IconCheck : IconAlertTriangle}
        >
          {t(`sender_check.${mail.sender_check as "verified"}`)}
        </Pill>
      ) : null}
      {end && i18n.exists(endKey) ? (
        <Pill tone={end.tone} icon={end.icon}>
          {t(`sent_state.${mail.state as "sent"}`)}
        </Pill>
      ) : null}
    </span>
  );
}

function addresses(list: Address[]): string {
  return list
    .map(({ name, address }) => (name && name !== address ? `${name} <${address}>` : address))
    .join(", ");
}

type OpenedProps = { mail: ThreadMail; original: ThreadMail | null; text: Text; name: string };

function Opened({ mail, original, text, name }: OpenedProps) {
  const { t, languageName } = text;
  const { api } = useServices();
  const [images, setImages] = useState(false);
  const [asText, setAsText] = useState(!mail.has_html);
  const [quoted, setQuoted] = useState(false);
  const recipients = [
    [t("thread.to"), mail.to],
    [t("thread.cc"), mail.cc],
    [t("thread.bcc"), mail.bcc ?? []],
  ] as const;
  return (
    <>
      <dl className={classes.meta}>
        {recipients.map(([label, list]) =>
          list.length > 0 ? (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{addresses(list)}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <ValidationNote mail={mail} original={original} text={text} />
      {mail.failure ? (
        <p className={classes.failure}>
          <b>{t("thread.failure")}</b> {mail.failure}
        </p>
      ) : null}
      {mail.protection ? (
        <p className={classes.images} data-protection={mail.protection}>
          <IconLock size={15} aria-hidden />
          <span>{t(`protection.${mail.protection as "signed"}`)}</span>
        </p>
      ) : null}
      {mail.has_remote_images && !images && !asText ? (
        <p className={classes.images}>
          <IconPhoto size={15} aria-hidden />
          <span>{t("thread.images")}</span>
          <Button variant="default" size="compact-sm" onClick={() => setImages(true)}>
            {t("thread.images_show")}
          </Button>
        </p>
      ) : null}
      {asText ? (
        <div className={classes.text} lang={mail.language || undefined}>
          {mail.text}
          {mail.signature_text ? (
            <span className={classes.signature}>{`\n\n${mail.signature_text}`}</span>
          ) : null}
        </div>
      ) : (
        <HtmlFrame src={api.mail.htmlPath(mail.id, images)} name={name} />
      )}
      {mail.quoted_text && asText ? (
        <>
          <button
            type="button"
            className={classes.fold}
            aria-expanded={quoted}
            aria-label={t(quoted ? "thread.quoted_hide" : "thread.quoted_show")}
            onClick={() => setQuoted(!quoted)}
          >
            •••
          </button>
          {quoted ? (
            <blockquote className={classes.quote} lang={mail.language || undefined}>
              {mail.quoted_text}
            </blockquote>
          ) : null}
        </>
      ) : null}
      <Attachments mailId={mail.id} files={mail.attachments} />
      <p className={classes.foot}>
        {mail.language ? <span>{languageName(mail.language)}</span> : null}
        {mail.has_html ? (
          <button type="button" onClick={() => setAsText(!asText)}>
            {t(asText ? "thread.as_html" : "thread.as_text")}
          </button>
        ) : null}
        <a href={api.mail.rawPath(mail.id)} target="_blank" rel="noreferrer">
          {t("thread.raw")}
        </a>
      </p>
    </>
  );
}
