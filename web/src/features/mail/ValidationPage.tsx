import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import type { HeldAnswer, ThreadMail } from "../../client/mail-shapes";
import { IconArrowBackUp, IconArrowLeft, IconCheck, IconPencil } from "../../ui/icons";
import { KeyHint, useAriaKey } from "../../ui/KeyHint";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { Correction, Remark } from "./Correction";
import { DueMark } from "./DueMark";
import { HtmlFrame } from "./HtmlFrame";
import { MailCard } from "./MailCard";
import { useText } from "./text";
import { threadKey, useThread } from "./useThread";
import classes from "./validation.module.css";

const heldKey = ["mail", "held"] as const;

/** The answers that wait for somebody to look at them: approve by one key, correct, or send back with a remark. */
export function ValidationPage() {
  const { t, common } = useText();
  const { api } = useServices();
  const queries = useQueryClient();
  const held = useQuery({ queryKey: heldKey, queryFn: api.mail.held, refetchInterval: 5_000 });
  const [chosen, setChosen] = useState<number | null>(null);
  const items = (held.data?.items ?? []).toSorted((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  const at = items.findIndex((each) => each.mail_id === chosen);
  const current = items[at] ?? null;
  const first = items[0]?.mail_id ?? null;
  const [wide, setWide] = useState(() => matchMedia("(min-width: 760px)").matches);
  useEffect(() => {
    const media = matchMedia("(min-width: 760px)");
    const onChange = () => setWide(media.matches);
    media.addEventListener("change", onChange);
    return () => media.removeEventListener("change", onChange);
  }, []);
  useEffect(() => {
    if (wide && current === null && first !== null) setChosen(first);
  }, [wide, current, first]);
  const done = useCallback(
    (mailId: number) => {
      const next = items[items.findIndex((each) => each.mail_id === mailId) + 1] ?? null;
      setChosen(next?.mail_id ?? null);
      queries.setQueryData(heldKey, (before: { items: HeldAnswer[] } | undefined) =>
        before ? { items: before.items.filter((each) => each.mail_id !== mailId) } : before,
      );
      void queries.invalidateQueries({ queryKey: heldKey });
    },
    [items, queries],
  );
  return (
    <div className={classes.page}>
      {wide || current === null ? (
        <HeldList items={items} chosen={chosen} onChoose={setChosen}>
          {held.isPending ? <Loader size="sm" m={16} aria-label={common("app.loading")} /> : null}
          {held.error ? (
            <p role="alert" className={classes.error}>
              {sentenceOf(held.error, common)}
            </p>
          ) : null}
          {held.data && items.length === 0 ? (
            <div className={classes.none}>
              <p>
                <b>{t("validation.none")}</b>
              </p>
              <p>{t("validation.none_hint")}</p>
            </div>
          ) : null}
        </HeldList>
      ) : null}
      {current ? (
        <Held
          key={current.mail_id}
          held={current}
          onDone={() => done(current.mail_id)}
          onBack={wide ? null : () => setChosen(null)}
        />
      ) : null}
    </div>
  );
}

type ListProps = {
  items: HeldAnswer[];
  chosen: number | null;
  onChoose: (id: number) => void;
  children: React.ReactNode;
};

function HeldList({ items, chosen, onChoose, children }: ListProps) {
  const { t } = useText();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const active = items[Math.min(at, items.length - 1)];
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(items.length - 1, at + step)));
    else if (event.key === "Enter" && active) onChoose(active.mail_id);
    else return;
    event.preventDefault();
  }
  return (
    <div className={classes.left}>
      <h2 className={classes.title}>{t("validation.title")}</h2>
      {children}
      {items.length > 0 ? (
        <div
          ref={box}
          className={`${classes.list} scroll`}
          role="listbox"
          aria-label={t("validation.title")}
          aria-activedescendant={active ? `${id}-${active.mail_id}` : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          {items.map((each, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the list, which keeps the focus
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={each.mail_id}
              id={`${id}-${each.mail_id}`}
              role="option"
              aria-selected={each.mail_id === chosen}
              data-active={each === active || undefined}
              className={classes.row}
              onClick={() => {
                setAt(index);
                onChoose(each.mail_id);
              }}
            >
              <span className={classes.rowTop}>
                <b>{each.remote_name || each.remote}</b>
                {each.due_at ? <DueMark at={each.due_at} /> : null}
              </span>
              <span>{each.subject || t("list.no_subject")}</span>
              <small>
                {t("validation.by", { name: each.agent?.name ?? "" })} · {each.rule}
              </small>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function Held({
  held,
  onDone,
  onBack,
}: {
  held: HeldAnswer;
  onDone: () => void;
  onBack: (() => void) | null;
}) {
  const { t, common } = useText();
  const thread = useThread(held.contact_id);
  const answer = thread.data?.mails.find((mail) => mail.id === held.mail_id) ?? null;
  const before =
    thread.data?.mails.filter((mail) => mail.id !== held.mail_id && mail.direction === "in") ?? [];
  return (
    <section className={classes.held} aria-label={held.subject}>
      <header className={classes.head}>
        {onBack ? (
          <button type="button" className={classes.back} aria-label={t("back_to_list")} onClick={onBack}>
            <IconArrowLeft size={18} aria-hidden />
          </button>
        ) : null}
        <h2>{held.subject || t("list.no_subject")}</h2>
        {held.due_at ? <DueMark at={held.due_at} /> : null}
      </header>
      <p className={classes.rule}>
        {t("validation.by", { name: held.agent?.name ?? "" })} · {t("validation.rule", { rule: held.rule })}
      </p>
      {thread.error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(thread.error, common)}
        </p>
      ) : null}
      {answer ? <Beside held={held} answer={answer} before={before} onDone={onDone} /> : null}
    </section>
  );
}

type BesideProps = { held: HeldAnswer; answer: ThreadMail; before: ThreadMail[]; onDone: () => void };
type Mode = "look" | "correct" | "back";

/** What was asked beside what is answered, and the three things that can be done. */
function Beside({ held, answer, before, onDone }: BesideProps) {
  const { t } = useText();
  const { api } = useServices();
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  const [mode, setMode] = useState<Mode>("look");
  const [open, setOpen] = useState<number | null>(before.at(-1)?.id ?? null);
  const keys = useAriaKey("mail_approve");
  const finish = async (order: () => Promise<unknown>, words: string) => {
    if (!(await run(order))) return;
    void notice("teal", words);
    void queries.invalidateQueries({ queryKey: threadKey(held.contact_id) });
    onDone();
  };
  const approve = () => void finish(() => api.mail.approve(held.mail_id), t("validation.done"));
  useShortcut("mail_approve", approve, mode === "look" && !busy);
  return (
    <>
      <div className={`${classes.beside} scroll`}>
        <div className={classes.column}>
          <h3>{t("validation.question")}</h3>
          {before.map((mail) => (
            <MailCard
              key={mail.id}
              mail={mail}
              original={before.find((each) => each.id === mail.corrects) ?? null}
              open={open === mail.id}
              onToggle={(id) => setOpen(open === id ? null : id)}
            />
          ))}
        </div>
        <div className={classes.column}>
          <h3>{t("validation.answer")}</h3>
          {mode === "correct" ? (
            <Correction
              held={held}
              answer={answer}
              busy={busy}
              onCancel={() => setMode("look")}
              onSend={(corrected) =>
                void finish(() => api.mail.correct(held.mail_id, corrected), t("validation.corrected"))
              }
            />
          ) : answer.has_html ? (
            <HtmlFrame src={api.mail.htmlPath(answer.id, true)} name={held.agent?.name ?? ""} />
          ) : (
            <div className={classes.text} lang={answer.language}>
              {answer.text}
            </div>
          )}
        </div>
      </div>
      {mode === "back" ? (
        <Remark
          name={held.agent?.name ?? ""}
          busy={busy}
          onCancel={() => setMode("look")}
          onSend={(remark) =>
            void finish(
              () => api.mail.sendBack(held.mail_id, remark),
              t("validation.returned", { name: held.agent?.name ?? "" }),
            )
          }
        />
      ) : mode === "look" ? (
        <footer className={classes.acts}>
          <Button
            loading={busy}
            aria-keyshortcuts={keys}
            leftSection={<IconCheck size={16} aria-hidden />}
            rightSection={<KeyHint action="mail_approve" loud />}
            onClick={approve}
          >
            {t("validation.approve")}
          </Button>
          <Button
            variant="default"
            disabled={busy}
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={() => setMode("correct")}
          >
            {t("validation.correct")}
          </Button>
          <Button
            variant="default"
            disabled={busy}
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => setMode("back")}
          >
            {t("validation.send_back")}
          </Button>
        </footer>
      ) : null}
    </>
  );
}
