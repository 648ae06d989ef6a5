import { Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Thread } from "../../client/mail-shapes";
import { sentenceOf } from "../../ui/problem-words";
import { ClosePanel } from "./ClosePanel";
import { Composer } from "./Composer";
import { MailCard } from "./MailCard";
import { ForwardPanel, type PanelProps, ParkPanel, ReturnPanel, TransferPanel } from "./Panels";
import { Standing } from "./Standing";
import { BackButton, Head, type PanelName } from "./ThreadHead";
import { useText } from "./text";
import classes from "./thread.module.css";
import { threadKey, useThread } from "./useThread";

type Props = {
  id: number;
  narrow: boolean;
  side: boolean;
  onSide: () => void;
  onBack: () => void;
  onNext: () => void;
};
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

/** Newest open and in sight; whatever is unfolded stays so. */
function Mails({ thread }: { thread: Thread }) {
  const { t } = useText();
  // What a machine sent on its own is not what one reads first.
  const newest = (thread.mails.findLast((mail) => mail.kind === "person") ?? thread.mails.at(-1))?.id ?? null;
  const corrected = thread.mails.findLast((mail) => mail.corrects !== null)?.id ?? null;
  const [open, setOpen] = useState<Set<number>>(
    () => new Set([newest, corrected].filter((each) => each !== null)),
  );
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
      const card = pane.querySelector<HTMLElement>(`[data-mail="${newest}"]`);
      if (card) pane.scrollTop = card.offsetTop - pane.offsetTop - 8;
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
        <MailCard
          key={mail.id}
          mail={mail}
          original={thread.mails.find((each) => each.id === mail.corrects) ?? null}
          open={open.has(mail.id)}
          onToggle={toggle}
        />
      ))}
    </section>
  );
}
