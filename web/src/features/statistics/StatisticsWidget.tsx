import { lazy, memo, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../../lib/locale";
import type { LiveFigure, LiveQueue } from "../../realtime/rows";
import { figureText, figureWords } from "../../ui/figure-words";
import { IconChartBar } from "../../ui/icons";
import { useDesktop, useLive, useServices } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { WidgetFrame } from "../../ui/WidgetFrame";
import classes from "./StatisticsWidget.module.css";

const FigureDialog = lazy(async () => ({ default: (await import("./FigureDialog")).FigureDialog }));

/** What an agent looks at first; the rest follows in the server's order. */
const first = [
  "handled",
  "handle_time",
  "speed_of_answer",
  "missed",
  "talk_time",
  "wrap_up_time",
  "outgoing",
  "logged_in_time",
];

function inOrder(figures: LiveFigure[]): LiveFigure[] {
  const rank = (id: string) => {
    const at = first.indexOf(id);
    return at < 0 ? first.length : at;
  };
  return figures.toSorted((a, b) => rank(a.id) - rank(b.id));
}

/** My figures of today, each with the way down to its contacts, and how busy my queues are. */
export function StatisticsWidget() {
  const { t } = useTranslation();
  const { figures, known } = useLive(({ rows, asOf }) => ({ figures: rows.figures, known: asOf > 0 }));
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const ordered = inOrder(Object.values(figures));
  const shown = all ? ordered : ordered.slice(0, first.length);
  const chosen = open ? figures[open] : undefined;
  return (
    <WidgetFrame
      title={t("figures.title")}
      icon={IconChartBar}
      badge={<span className={classes.today}>{t("figures.today")}</span>}
    >
      {shown.length === 0 ? (
        <p className={classes.faint}>{t(known ? "figures.none" : "live.connecting")}</p>
      ) : null}
      <div className={classes.tiles}>
        {shown.map((figure) => (
          <Tile key={figure.id} figure={figure} onOpen={setOpen} />
        ))}
      </div>
      {ordered.length > first.length ? (
        <button type="button" className={classes.all} aria-expanded={all} onClick={() => setAll(!all)}>
          {t(all ? "figures.fewer" : "figures.all", { count: ordered.length })}
        </button>
      ) : null}
      <Queues />
      {chosen ? (
        <Suspense fallback={null}>
          <FigureDialog figure={chosen} onClose={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </WidgetFrame>
  );
}

const Tile = memo(function Tile({ figure, onOpen }: { figure: LiveFigure; onOpen: (id: string) => void }) {
  const { t, i18n } = useTranslation();
  const { name } = figureWords(i18n, figure);
  const value = figureText(figure.value, figure.unit, localeOf(i18n.language));
  return (
    <button type="button" className={classes.tile} onClick={() => onOpen(figure.id)}>
      <span className={classes.name}>{name}</span>
      {figure.growing_since ? (
        <Growing figure={figure} since={figure.growing_since} />
      ) : (
        <span className={classes.value}>{value}</span>
      )}
      <span className="visually-hidden">{t("figures.open")}</span>
    </button>
  );
});

/** The time of the present state goes on by itself, from the page's clock. */
function Growing({ figure, since }: { figure: LiveFigure; since: string }) {
  const { i18n } = useTranslation();
  const { clock } = useServices();
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const from = Date.parse(since);
    return clock.onTick(() => {
      const seconds = (figure.value ?? 0) + Math.max(0, clock.now() - from) / 1000;
      const text = figureText(seconds, figure.unit, localeOf(i18n.language));
      if (element.current && element.current.textContent !== text) element.current.textContent = text;
    });
  }, [clock, figure.value, figure.unit, since, i18n.language]);
  return <span ref={element} className={classes.value} />;
}

function Queues() {
  const { t } = useTranslation();
  const rows = useLive(({ rows }) => rows.queues);
  const mine = new Set(useDesktop()?.queues.map((queue) => queue.id));
  const queues = Object.values(rows).filter((queue) => mine.size === 0 || mine.has(queue.id));
  if (queues.length === 0) return null;
  queues.sort((a, b) => a.name.localeCompare(b.name));
  return (
    <table className={classes.queues}>
      <caption className="visually-hidden">{t("figures.queues")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("figures.queue")}</th>
          <th scope="col">{t("figures.waiting")}</th>
          <th scope="col">{t("figures.longest")}</th>
          <th scope="col">{t("figures.ready")}</th>
          <th scope="col">{t("figures.level")}</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <QueueLine key={queue.id} queue={queue} />
        ))}
      </tbody>
    </table>
  );
}

const QueueLine = memo(function QueueLine({ queue }: { queue: LiveQueue }) {
  const { i18n } = useTranslation();
  return (
    <tr data-waiting={queue.waiting > 0 || undefined}>
      <th scope="row">{queue.name}</th>
      <td className={classes.waiting}>{queue.waiting}</td>
      <td>{queue.longest_since ? <Timer since={queue.longest_since} /> : "–"}</td>
      <td>{queue.ready}</td>
      <td>{figureText(queue.service_level, "share", localeOf(i18n.language))}</td>
    </tr>
  );
});
