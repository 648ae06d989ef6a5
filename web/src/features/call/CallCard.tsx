import { useTranslation } from "react-i18next";
import { clockFace } from "../../lib/duration";
import { initials, readableNumber } from "../../lib/text";
import type { MyContact } from "../../realtime/rows";
import {
  IconMessages,
  IconMicrophoneOff,
  IconPhoneIncoming,
  IconPhoneOutgoing,
  IconPhonePause,
} from "../../ui/icons";
import { useServices } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import classes from "./CallCard.module.css";

export function nameOf(contact: MyContact, unknown: string): string {
  return contact.remote_name || readableNumber(contact.remote) || unknown;
}

/** Who it is, why he calls and for how long: the one loud surface of the desktop. */
export function CallCard({ contact, muted }: { contact: MyContact; muted: boolean }) {
  const { t } = useTranslation();
  const name = nameOf(contact, t("call.unknown"));
  const phase = phaseWord(contact);
  const waited =
    contact.waited_seconds && contact.waited_seconds >= 1 ? clockFace(contact.waited_seconds) : null;
  const called = contact.entry_point?.name || (contact.direction === "inbound" ? contact.address : "");
  const facts = [
    contact.remote_name ? readableNumber(contact.remote) : null,
    contact.queue?.name ?? null,
    contact.language ? contact.language.toUpperCase() : null,
    waited ? t("call.waited", { time: waited }) : null,
    called ? t("call.called", { address: readableNumber(called) }) : null,
  ].filter(Boolean);

  return (
    <div className={classes.card} data-phase={contact.phase}>
      <div className={classes.row}>
        <span className={classes.face} aria-hidden>
          {initials(name)}
        </span>
        <div className={classes.who}>
          <p className={classes.phase}>
            {contact.phase === "held" ? (
              <IconPhonePause size={14} aria-hidden />
            ) : contact.direction === "inbound" ? (
              <IconPhoneIncoming size={14} aria-hidden />
            ) : (
              <IconPhoneOutgoing size={14} aria-hidden />
            )}
            <span>{t(`call.${phase}`)}</span>
            {muted ? (
              <span className={classes.muted}>
                <IconMicrophoneOff size={13} aria-hidden /> {t("call.muted")}
              </span>
            ) : null}
          </p>
          <p className={classes.name} title={name}>
            {name}
          </p>
        </div>
        <div className={classes.time}>
          <MainTime contact={contact} />
        </div>
      </div>
      <p className={classes.facts}>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {contact.chat_id ? <FromChat chatId={contact.chat_id} /> : null}
      <Chips contact={contact} />
      {contact.phase === "reserved" && contact.ring_until ? <RingBar contact={contact} /> : null}
    </div>
  );
}

function phaseWord(contact: MyContact) {
  if (contact.phase === "reserved") return "incoming" as const;
  if (contact.phase === "dialling")
    return contact.leg_state === "up" ? ("outgoing" as const) : ("your_line" as const);
  if (contact.phase === "held") return "held" as const;
  if (contact.phase === "adrift") return "adrift" as const;
  if (contact.phase === "wrap_up") return "wrap_up" as const;
  return "talking" as const;
}

function MainTime({ contact }: { contact: MyContact }) {
  const { t } = useTranslation();
  if (contact.phase === "reserved" && contact.ring_until)
    return <Timer until={contact.ring_until} label={t("call.ring_left")} />;
  if (contact.phase === "held")
    return (
      <>
        <Timer since={contact.since} label={t("call.hold_time")} />
        <Timer since={contact.answered_at} className={classes.second} label={t("call.duration")} />
      </>
    );
  return <Timer since={contact.answered_at ?? contact.since} label={t("call.duration")} />;
}

/** A call out of a chat: what was written is one click away. */
function FromChat({ chatId }: { chatId: number }) {
  const { t } = useTranslation();
  const { requests } = useServices();
  return (
    <button
      type="button"
      className={classes.chat}
      onClick={() => requests.ask("open_contact", { contactId: chatId })}
    >
      <IconMessages size={14} aria-hidden /> {t("call.from_chat")}
    </button>
  );
}

function RingBar({ contact }: { contact: MyContact }) {
  const begin = Date.parse(contact.offered_at ?? contact.since);
  const length = Math.max(1, Date.parse(contact.ring_until ?? "") - begin);
  return <div className={classes.ring} style={{ animationDuration: `${length}ms` }} aria-hidden />;
}

function Chips({ contact }: { contact: MyContact }) {
  const values = Object.entries(contact.values).filter(([, value]) => value !== "");
  if (values.length + contact.tags.length + contact.skills.length === 0) return null;
  return (
    <ul className={classes.chips}>
      {contact.skills.map((skill) => (
        <li key={skill.id}>
          {skill.name} {"★".repeat(Math.max(0, Math.min(5, skill.level)))}
        </li>
      ))}
      {[...new Set(contact.tags)].map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
      {values.map(([name, value]) => (
        <li key={name}>
          <b>{name}</b> {value}
        </li>
      ))}
    </ul>
  );
}
