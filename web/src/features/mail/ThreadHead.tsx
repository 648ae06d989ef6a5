import type { MailVerb, Thread } from "../../client/mail-shapes";
import type { Action } from "../../lib/shortcuts";
import {
  type Icon,
  IconAlarmSnooze,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconCheck,
  IconHelpCircle,
  IconInfoCircle,
  IconMailForward,
} from "../../ui/icons";
import { KeyHint, useAriaKey } from "../../ui/KeyHint";
import { Pill } from "../../ui/StatePill";
import { useServices, useShortcut } from "../../ui/services";
import { DueMark } from "./DueMark";
import { useText } from "./text";
import classes from "./thread.module.css";

export type PanelName = "park" | "return" | "transfer" | "forward" | "close";
export function BackButton({ onBack }: { onBack: () => void }) {
  const { t } = useText();
  return (
    <button type="button" className={classes.small} aria-label={t("back_to_list")} onClick={onBack}>
      <IconArrowLeft size={18} aria-hidden />
    </button>
  );
}

type HeadProps = {
  thread: Thread;
  narrow: boolean;
  side: boolean;
  panel: PanelName | null;
  onBack: () => void;
  onSide: () => void;
  onPanel: (name: PanelName) => void;
};

/** Subject, who and where, and what can be done with it. */
export function Head({ thread, narrow, side, panel, onBack, onSide, onPanel }: HeadProps) {
  const { t, languageName } = useText();
  const { requests } = useServices();
  const { contact } = thread;
  return (
    <header className={classes.head}>
      <div className={classes.headTop}>
        {narrow ? <BackButton onBack={onBack} /> : null}
        <h2 title={contact.subject}>{contact.subject || t("list.no_subject")}</h2>
        {contact.due_at && contact.state !== "closed" ? <DueMark at={contact.due_at} /> : null}
        <button
          type="button"
          className={classes.small}
          aria-label={t("thread.why")}
          title={`${t("thread.why")} · ${t("thread.order", { id: contact.contact_id })}`}
          onClick={() => requests.ask("open_contact", { contactId: contact.contact_id })}
        >
          <IconHelpCircle size={17} aria-hidden />
        </button>
        <button
          type="button"
          className={classes.small}
          aria-label={t("side.show")}
          title={t("side.show")}
          aria-pressed={side}
          onClick={onSide}
        >
          <IconInfoCircle size={17} aria-hidden />
        </button>
      </div>
      <div className={classes.headMarks}>
        <span className={classes.from}>{contact.remote_name || contact.remote}</span>
        {contact.queue ? <Pill tone="mute">{contact.queue.name}</Pill> : null}
        {contact.language ? <Pill tone="mute">{languageName(contact.language)}</Pill> : null}
        {contact.tags.map((tag) => (
          <Pill key={tag} tone="accent">
            {tag}
          </Pill>
        ))}
      </div>
      <Acts can={thread.can} panel={panel} onPanel={onPanel} />
    </header>
  );
}

const acts: { name: PanelName; verb: MailVerb; icon: Icon; action?: Action }[] = [
  { name: "park", verb: "park", icon: IconAlarmSnooze, action: "mail_park" },
  { name: "return", verb: "return", icon: IconArrowBackUp, action: "mail_return" },
  { name: "transfer", verb: "transfer", icon: IconArrowForwardUp, action: "mail_transfer" },
  { name: "forward", verb: "forward", icon: IconMailForward, action: "mail_forward" },
  { name: "close", verb: "wrap_up", icon: IconCheck },
];

function Acts({ can, panel, onPanel }: { can: MailVerb[] } & Pick<HeadProps, "panel" | "onPanel">) {
  const possible = acts.filter(
    ({ verb, name }) => can.includes(verb) || (name === "close" && can.includes("hang_up")),
  );
  if (possible.length === 0) return null;
  return (
    <div className={classes.acts}>
      {possible.map((act) => (
        <Act key={act.name} {...act} open={panel === act.name} onPanel={onPanel} />
      ))}
    </div>
  );
}

type ActProps = (typeof acts)[number] & { open: boolean; onPanel: (name: PanelName) => void };

function Act({ name, icon: Mark, action, open, onPanel }: ActProps) {
  const { t } = useText();
  const keys = useAriaKey(action ?? "palette");
  useShortcut(action ?? "mail_park", () => onPanel(name), action !== undefined);
  return (
    <button
      type="button"
      className={classes.act}
      aria-expanded={open}
      aria-keyshortcuts={action ? keys : undefined}
      onClick={() => onPanel(name)}
    >
      <Mark size={15} aria-hidden />
      <span>{t(`act.${name}`)}</span>
      {action ? <KeyHint action={action} /> : null}
    </button>
  );
}
