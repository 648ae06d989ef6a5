import { Button } from "@mantine/core";
import { useState } from "react";
import { clockFace } from "../../lib/duration";
import type { MyContact } from "../../realtime/rows";
import { IconCheck, IconChevronDown, IconChevronUp, IconMail } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { Pill, type Tone } from "../../ui/StatePill";
import { useContactAtHand, useServices, useShortcut } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import { DueMark } from "./DueMark";
import classes from "./list.module.css";
import { useText } from "./text";

/** Where a mail of mine stands. `sent_back`: the validation wants it written again. */
export function standOf(contact: MyContact) {
  if (contact.phase === "reserved") return "offered" as const;
  if (contact.phase === "parked" || contact.phase === "validating" || contact.phase === "sending")
    return contact.phase;
  if (contact.phase === "wrap_up") return "wrap_up" as const;
  return contact.trouble?.startsWith("sent_back") ? ("sent_back" as const) : ("in_hand" as const);
}
const tones: Record<ReturnType<typeof standOf>, Tone> = {
  offered: "accent",
  in_hand: "good",
  sent_back: "bad",
  wrap_up: "calm",
  parked: "mute",
  validating: "warn",
  sending: "calm",
};
const order = Object.keys(tones);

type Props = { mails: MyContact[]; open: number | null; push: boolean; onOpen: (id: number) => void };

/** What is in my hands: offered, being answered, sent back, parked, at validation, on its way. */
export function MyMails({ mails, open, push, onOpen }: Props) {
  const { t, instant } = useText();
  const [folded, setFolded] = useState(false);
  const shown = mails
    .filter((each) => each.phase !== "reserved")
    .toSorted(
      (a, b) =>
        order.indexOf(standOf(a)) - order.indexOf(standOf(b)) ||
        (a.due_at ?? "9").localeCompare(b.due_at ?? "9") ||
        a.contact_id - b.contact_id,
    );
  return (
    <section className={classes.mine} data-alone={push || undefined} aria-label={t("mine.title")}>
      <button
        type="button"
        className={classes.mineHead}
        aria-expanded={!folded}
        onClick={() => setFolded(!folded)}
      >
        <span>{t("mine.title")}</span>
        <span className={classes.count}>{shown.length}</span>
        {folded ? <IconChevronDown size={14} aria-hidden /> : <IconChevronUp size={14} aria-hidden />}
      </button>
      {folded ? null : (
        <div className="scroll">
          {shown.length === 0 ? (
            <p className={classes.empty}>{t(push ? "mine.none_push" : "mine.none")}</p>
          ) : null}
          {shown.map((mail) => {
            const stand = standOf(mail);
            return (
              <button
                key={mail.contact_id}
                type="button"
                className={classes.mineRow}
                aria-current={mail.contact_id === open}
                onClick={() => onOpen(mail.contact_id)}
              >
                <span className={classes.mineWords}>
                  <b>{mail.remote_name || mail.remote || t("list.unknown")}</b>
                  <span>{mail.subject || t("list.no_subject")}</span>
                </span>
                {mail.unread ? <Pill tone="accent">{t("mine.unread", { count: mail.unread })}</Pill> : null}
                {mail.due_at && stand !== "sending" && stand !== "wrap_up" ? (
                  <DueMark at={mail.due_at} />
                ) : null}
                <Pill tone={tones[stand]}>
                  {stand === "parked"
                    ? mail.parked_until
                      ? t("mine.parked_until", { time: instant(mail.parked_until) })
                      : t("mine.parked_reply")
                    : t(`mine.${stand}`)}
                </Pill>
              </button>
            );
          })}
        </div>
      )}
    </section>
  );
}

/** The mail that the centre offers: take it, or let it go to somebody else. */
export function OfferCard({ contact, onTaken }: { contact: MyContact; onTaken: (id: number) => void }) {
  const { t } = useText();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const voice = useContactAtHand();
  const id = contact.contact_id;
  const accept = async () => {
    if (await run(() => api.accept(id))) onTaken(id);
  };
  const decline = () => void run(() => api.decline(id));
  const free = voice?.phase !== "reserved" && !busy; // a ringing call has the keys
  useShortcut("answer", () => void accept(), free);
  useShortcut("decline", decline, free);
  return (
    <section className={classes.offer} aria-label={t("offer.title")}>
      <div className={classes.offerTop}>
        <h3>{t("offer.title")}</h3>
        {contact.ring_until ? (
          <Timer until={contact.ring_until} className={classes.offerTime} label={t("offer.left")} />
        ) : null}
      </div>
      <b>{contact.remote_name || contact.remote || t("list.unknown")}</b>
      <p>{contact.subject || t("list.no_subject")}</p>
      {contact.queue ? (
        <p>
          {t("offer.from_queue", {
            queue: contact.queue.name,
            time: clockFace(contact.waited_seconds ?? 0),
          })}
        </p>
      ) : null}
      <div className={classes.offerActs}>
        <Button
          color="teal.9"
          loading={busy}
          leftSection={<IconCheck size={16} aria-hidden />}
          rightSection={<KeyHint action="answer" loud />}
          onClick={() => void accept()}
        >
          {t("offer.accept")}
        </Button>
        <Button
          variant="white"
          color="dark"
          disabled={busy}
          leftSection={<IconMail size={16} aria-hidden />}
          rightSection={<KeyHint action="decline" />}
          onClick={decline}
        >
          {t("offer.decline")}
        </Button>
      </div>
    </section>
  );
}
