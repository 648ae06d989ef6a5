import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { MailVerb, Thread } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import type { Action } from "../../lib/shortcuts";
import {
  type Icon,
  IconAlarmSnooze,
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconCheck,
  IconEye,
  IconHelpCircle,
  IconInfoCircle,
  IconMailForward,
  IconUser,
} from "../../ui/icons";
import { KeyHint, useAriaKey } from "../../ui/KeyHint";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { Pill } from "../../ui/StatePill";
import { useLive, useMyAgent, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { ClosePanel } from "./ClosePanel";
import { Composer } from "./Composer";
import { DueMark } from "./DueMark";
import { MailCard } from "./MailCard";
import { ForwardPanel, type PanelProps, ParkPanel, ReturnPanel, TransferPanel } from "./Panels";
import { type Text, useText } from "./text";
import classes from "./thread.module.css";

export const threadKey = (id: number) => ["mail", "thread", id] as const;

/** The thread of a contact, read again when the live view says that something in it changed. */
export function useThread(id: number) {
  const { api } = useServices();
  const queries = useQueryClient();
  const { mine, row } = useLive(({ rows }) => ({ mine: rows.me[`contact:${id}`], row: rows.work[id] }));
  const thread = useQuery({
    queryKey: threadKey(id),
    queryFn: () => api.mail.thread(id),
    refetchInterval: 10_000,
  });
  const seen = useRef(false);
  useEffect(() => {
    if (mine || row) {
      if (seen.current) void queries.invalidateQueries({ queryKey: threadKey(id) });
      seen.current = true;
    }
  }, [mine, row, id, queries]);
  return thread;
}

type Props = {
  id: number;
  narrow: boolean;
  side: boolean;
  onSide: () => void;
  onBack: () => void;
  onNext: () => void;
};
type PanelName = "park" | "return" | "transfer" | "forward" | "close";
const panels: Record<PanelName, (props: PanelProps & { thread: Thread }) => React.ReactNode> = {
  park: ParkPanel,
  return: ReturnPanel,
  transfer: TransferPanel,
  forward: ForwardPanel,
  close: ClosePanel,
};

export function ThreadPane({ id, narrow, side, onSide, onBack, onNext }: Props) {
  const { t, common } = useText();
  const thread = useThread(id);
  const { data } = thread;
  const queries = useQueryClient();
  const [panel, setPanel] = useState<PanelName | null>(null);
  const again = useCallback(() => void queries.invalidateQueries({ queryKey: threadKey(id) }), [queries, id]);
  if (!data)
    return (
      <section className={classes.pane} aria-label={t("thread.label")}>
        {narrow ? <BackButton onBack={onBack} /> : null}
        {thread.error ? (
          <p role="alert" className={classes.error}>
            {sentenceOf(thread.error, common)}
          </p>
        ) : (
          <p className={classes.loading}>
            <Loader size="sm" aria-label={common("app.loading")} />
          </p>
        )}
      </section>
    );
  const Panel = panel ? panels[panel] : null;
  return (
    <section className={classes.pane} aria-label={t("thread.label")}>
      <Head
        thread={data}
        narrow={narrow}
        side={side}
        panel={panel}
        onBack={onBack}
        onSide={onSide}
        onPanel={(name) => setPanel(panel === name ? null : name)}
      />
      {Panel ? (
        <Panel
          contactId={id}
          thread={data}
          onDone={(done) => {
            setPanel(null);
            again();
            if (done && panel !== "forward") onNext();
          }}
        />
      ) : null}
      <Standing thread={data} onChanged={again} />
      <Mails thread={data} />
      {data.can.includes("answer") ? (
        <Composer key={id} thread={data} onNext={onNext} onSent={again} />
      ) : null}
    </section>
  );
}

function BackButton({ onBack }: { onBack: () => void }) {
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

function Head({ thread, narrow, side, panel, onBack, onSide, onPanel }: HeadProps) {
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

/** Who else is here, and where the contact stands when it is not in my hands. */
function Standing({ thread, onChanged }: { thread: Thread; onChanged: () => void }) {
  const { t, instant } = useText();
  const { api, mailDesk } = useServices();
  const me = useMyAgent()?.id ?? "";
  const { busy, run } = useCommand();
  const claim = useClaim();
  const { contact, can } = thread;
  const id = contact.contact_id;
  const viewers = useLive(({ rows }) => rows.viewers[id]?.people);
  const others = (viewers ?? []).filter((each) => each.id !== me && each.id !== contact.agent?.id);
  const held = contact.agent && contact.agent.id !== me && contact.state !== "closed";
  const words =
    contact.state === "parked"
      ? contact.parked_until
        ? t("thread.parked", { time: instant(contact.parked_until) })
        : t("thread.parked_reply")
      : contact.state === "validating"
        ? t("thread.validating")
        : contact.state === "closed"
          ? contact.closing_reason
            ? t("thread.closed", { reason: contact.closing_reason.name })
            : t("thread.closed_plain")
          : "";
  const troubles = [
    contact.trouble ? troubleWords(contact.trouble, t) : "",
    contact.return_reason ? t("thread.returned", { reason: contact.return_reason }) : "",
    contact.expert_to
      ? t("thread.expert", {
          to: contact.expert_to,
          time: contact.expert_deadline ? instant(contact.expert_deadline) : "–",
        })
      : "",
  ].filter(Boolean);
  const order = (act: () => Promise<unknown>) => void run(act).then(onChanged);
  const takeable = can.includes("claim") && !held;
  const quiet = !held && !words && others.length === 0 && !takeable && troubles.length === 0;
  if (quiet && !can.includes("recall")) return null;
  return (
    <div className={classes.standing} role="status">
      {held ? (
        <span className={classes.heldBy}>
          <IconUser size={15} aria-hidden />
          {t("thread.held", { name: contact.agent?.name })}
        </span>
      ) : null}
      {words ? <span>{words}</span> : null}
      {troubles.map((each) => (
        <span key={each} className={classes.lookers}>
          <IconAlertTriangle size={15} aria-hidden />
          {each}
        </span>
      ))}
      {others.length > 0 ? (
        <span className={classes.lookers}>
          <IconEye size={15} aria-hidden />
          {t(others.length > 1 ? "thread.looks_many" : "thread.looks", {
            names: others.map((each) => each.name).join(", "),
          })}
        </span>
      ) : null}
      <span className={classes.standingActs}>
        {takeable ? (
          <Button
            size="compact-md"
            loading={busy}
            rightSection={<kbd className={classes.key}>C</kbd>}
            onClick={() => void claim(id).then(onChanged)}
          >
            {t("thread.take")}
          </Button>
        ) : null}
        {can.includes("recall") && thread.undo ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() => order(() => api.mail.recall(id, thread.undo?.mail_id ?? 0))}
          >
            {t("undo.take_back")}
          </Button>
        ) : null}
        {can.includes("unpark") ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() => order(() => api.mail.unpark(id))}
          >
            {t("thread.unpark")}
          </Button>
        ) : null}
        {can.includes("reopen") ? (
          <Button
            size="compact-md"
            variant="default"
            loading={busy}
            onClick={() =>
              order(async () => {
                const again = await api.mail.reopen(id);
                mailDesk.setState({ open: again.contact_id });
              })
            }
          >
            {t("thread.reopen")}
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** "sent_back: too short" → a sentence around what was said. */
function troubleWords(trouble: string, t: Text["t"]): string {
  const [kind = "", said = ""] = trouble.split(/:\s*(.*)/s);
  switch (kind) {
    case "sent_back":
      return t("thread.trouble_sent_back", { said });
    case "bounced":
      return t("thread.trouble_bounced", { said });
    case "failed":
      return t("thread.trouble_failed", { said });
    case "expert_overdue":
      return t("thread.trouble_expert_overdue");
    default:
      return trouble;
  }
}

/** Takes a mail from the list. Who was first is said by name. */
export function useClaim() {
  const { t, common } = useText();
  const { api } = useServices();
  const queries = useQueryClient();
  return useCallback(
    async (id: number): Promise<boolean> => {
      try {
        await api.mail.claim(id);
        return true;
      } catch (error) {
        if (error instanceof Problem && error.code === "already_taken") {
          const holder = await api.mail.thread(id).catch(() => null);
          const by = holder?.contact.agent?.name ?? "";
          void notice("red", by ? t("thread.taken", { name: by }) : t("thread.taken_unknown"));
        } else void notice("red", sentenceOf(error, common));
        return false;
      } finally {
        void queries.invalidateQueries({ queryKey: threadKey(id) });
      }
    },
    [api, queries, t, common],
  );
}

/** Newest open and in sight; whatever is unfolded stays so. */
function Mails({ thread }: { thread: Thread }) {
  const { t } = useText();
  const newest = thread.mails.at(-1)?.id ?? null;
  const [open, setOpen] = useState<Set<number>>(() => new Set(newest === null ? [] : [newest]));
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (newest === null) return;
    setOpen((before) => (before.has(newest) ? before : new Set([...before, newest])));
  }, [newest]);
  // The newest mail is what the answer is about: it stays in sight when the answer takes its place.
  useEffect(() => {
    const pane = box.current;
    if (newest === null || !pane) return;
    const show = () => {
      const last = pane.lastElementChild;
      if (last instanceof HTMLElement) pane.scrollTop = last.offsetTop - pane.offsetTop - 8;
    };
    const watch = new ResizeObserver(show);
    watch.observe(pane);
    return () => watch.disconnect();
  }, [newest]);
  const toggle = useCallback(
    (id: number) =>
      setOpen((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    [],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={`${classes.mails} scroll`} ref={box} tabIndex={0} aria-label={t("title")}>
      {thread.mails.map((mail) => (
        <MailCard key={mail.id} mail={mail} open={open.has(mail.id)} onToggle={toggle} />
      ))}
    </section>
  );
}
