import { Loader } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Asked, Choices, FigureRow } from "../../client/figures-api";
import { useServices } from "../../ui/services";
import { Behind, type Opened } from "./Behind";
import { Breakdown } from "./Breakdown";
import classes from "./figures.module.css";
import { NowSection } from "./NowSection";
import { PeriodBar } from "./PeriodBar";
import { askedOf, byOf, dayIn, ofOf, type Question, spanOf } from "./question";
import { Tiles } from "./Tiles";
import { Trouble } from "./Trouble";
import { useText } from "./text";

type Props = {
  question: Question;
  onAsk: (question: Question) => void;
  /** Whether the contacts behind may be seen. */
  mayOpen: boolean;
  /** The facts of one contact, as the history shows them. */
  factsOf: (contactId: number) => ReactNode;
};

/** The centre in figures: what stands now, a period as a whole and in parts, and what is behind each number. */
export default function FiguresPage(props: Props) {
  const { t, common } = useText();
  const { api } = useServices();
  const choices = useQuery({
    queryKey: ["figures", "choices"],
    queryFn: api.figures.choices,
    staleTime: 60_000,
  });
  return (
    <div className={`${classes.page} scroll`}>
      <h1 className="visually-hidden">{t("title")}</h1>
      {choices.data ? (
        <Sheet {...props} choices={choices.data} />
      ) : choices.error ? (
        <Trouble error={choices.error} onRetry={() => void choices.refetch()} />
      ) : (
        <Loader m={24} aria-label={common("app.loading")} />
      )}
    </div>
  );
}

function Sheet({ question, onAsk, mayOpen, factsOf, choices }: Props & { choices: Choices }) {
  const text = useText(choices.time_zone);
  const { t } = text;
  const { api } = useServices();
  const today = useToday(choices.time_zone);
  const [opened, setOpened] = useState<Opened | null>(null);
  const span = spanOf(question, today);
  const by = byOf(question, span, today);
  const at = question.at ?? "happened";
  const asked = askedOf(question, span);
  const list = useQuery({
    queryKey: ["figures", "list", asked, by, at],
    queryFn: ({ signal }) => api.figures.list({ ...asked, by, at }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: span.to ? false : 15_000,
  });
  const open = (figure: FigureRow, of: Asked, part = "") => setOpened({ figure, asked: of, part });
  return (
    <>
      <PeriodBar question={question} today={today} choices={choices} onAsk={onAsk} text={text} />
      <NowSection of={ofOf(question)} text={text} onOpen={(figure, of) => open(figure, of)} />
      {list.error ? <Trouble error={list.error} onRetry={() => void list.refetch()} /> : null}
      <Slow pending={list.isFetching && (list.isPending || list.isPlaceholderData)} />
      {list.data ? (
        <div className={classes.sheet} data-stale={list.isPlaceholderData || undefined}>
          <Tiles
            list={list.data}
            question={question}
            text={text}
            onOpen={(figure) => open(figure, asked)}
            onAsk={onAsk}
          />
          <Breakdown
            list={list.data}
            question={question}
            asked={asked}
            text={text}
            onOpen={open}
            onAsk={onAsk}
          />
        </div>
      ) : null}
      {list.isPending && !list.error ? <Loader m={24} aria-label={t("in_period")} /> : null}
      <Behind
        opened={opened}
        mayOpen={mayOpen}
        onClose={() => setOpened(null)}
        factsOf={factsOf}
        text={text}
      />
    </>
  );
}

/** The customer's day; another one begins at his midnight. */
function useToday(timeZone: string): string {
  const { clock } = useServices();
  const [today, setToday] = useState(() => dayIn(timeZone, clock.now()));
  useEffect(() => clock.onTick(() => setToday(dayIn(timeZone, clock.now()))), [clock, timeZone]);
  return today;
}

/** A long answer is announced: the page says that it still counts. */
function Slow({ pending }: { pending: boolean }) {
  const { t } = useText();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!pending) return;
    const timer = setTimeout(() => setSlow(true), 1_500);
    return () => clearTimeout(timer);
  }, [pending]);
  return (
    <p role="status" className={slow ? classes.slow : "visually-hidden"}>
      {slow ? t("counting") : ""}
    </p>
  );
}
