import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { AskedOf, FigureRow, Now } from "../../client/figures-api";
import { useServices } from "../../ui/services";
import { backlog } from "./columns";
import classes from "./figures.module.css";
import { Trouble } from "./Trouble";
import type { Text } from "./text";

type Props = { of: AskedOf; text: Text; onOpen: (figure: FigureRow, of: AskedOf) => void };

/** What stands at this moment, asked each second while the page is in sight. */
export function NowSection({ of, text, onOpen }: Props) {
  const { t } = text;
  const { api } = useServices();
  const now = useQuery({
    queryKey: ["figures", "now", of],
    queryFn: ({ signal }) => api.figures.now(of, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.error ? 5_000 : 1_000),
    retry: false,
  });
  const figures = new Map(now.data?.figures.map((each) => [each.id, each]));
  const waiting = figures.get("waiting");
  const inHand = figures.get("in_hand");
  return (
    <section className={classes.card} aria-labelledby="figures-now">
      <header className={classes.cardHead}>
        <h2 id="figures-now">{t("now")}</h2>
        {now.data ? <small>{t("now_as_of", { time: text.second(now.data.at) })}</small> : null}
      </header>
      {now.error ? <Trouble error={now.error} onRetry={() => void now.refetch()} /> : null}
      {now.data ? (
        <div className={classes.now}>
          <div className={classes.nowTiles}>
            {[waiting, inHand].map((figure) =>
              figure ? (
                <button
                  key={figure.id}
                  type="button"
                  className={classes.nowTile}
                  data-figure={`now:${figure.id}`}
                  data-alarm={figure.id === "waiting" && (figure.value ?? 0) > 0 ? "" : undefined}
                  onClick={() => onOpen(figure, of)}
                >
                  <span className={classes.name}>{text.words(figure).name}</span>
                  <span className={classes.nowValue}>{text.value(figure.value, figure.unit)}</span>
                  <span className="visually-hidden">{t("open")}</span>
                </button>
              ) : null,
            )}
            <div className={classes.nowTile}>
              <span className={classes.name}>{t("longest")}</span>
              <span className={classes.nowValue}>{text.value(now.data.longest_seconds, "seconds")}</span>
            </div>
          </div>
          <Backlog figures={figures} text={text} onOpen={(figure) => onOpen(figure, of)} />
          <Queues now={now.data} of={of} text={text} onOpen={onOpen} />
        </div>
      ) : null}
    </section>
  );
}

type BacklogProps = { figures: Map<string, FigureRow>; text: Text; onOpen: (figure: FigureRow) => void };

function Backlog({ figures, text, onOpen }: BacklogProps) {
  const { t } = text;
  const all = figures.get("mail_backlog")?.value ?? 0;
  if (!figures.has("mail_backlog")) return null;
  return (
    <div className={classes.backlog}>
      <h3>{t("backlog")}</h3>
      <ul>
        {backlog.map((id) => {
          const figure = figures.get(id);
          if (!figure) return null;
          const share = all > 0 ? (figure.value ?? 0) / all : 0;
          return (
            <li key={id}>
              <button type="button" data-figure={`now:${id}`} onClick={() => onOpen(figure)}>
                <span>{t(`ages.${id}`)}</span>
                <svg
                  className={classes.strip}
                  aria-hidden="true"
                  preserveAspectRatio="none"
                  viewBox="0 0 100 8"
                >
                  <rect className={classes.ground} width={100} height={8} rx={2} />
                  <rect className={classes.filled} width={100 * share} height={8} rx={2} />
                </svg>
                <b>{text.value(figure.value, figure.unit)}</b>
                <span className="visually-hidden">{t("open")}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

type QueuesProps = { now: Now } & Props;

function Queues({ now, of, text, onOpen }: QueuesProps) {
  const { t } = text;
  const shown = ["waiting", "in_hand", "mail_backlog"].flatMap(
    (id) => now.figures.find((figure) => figure.id === id) ?? [],
  );
  if (now.queues.length === 0) return <p className={classes.faint}>{t("nothing_now")}</p>;
  return (
    <div className={`${classes.tableBox} scroll`}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t("queues_now")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("queue")}</th>
            {shown.map((figure) => (
              <th key={figure.id} scope="col">
                {text.words(figure).name}
              </th>
            ))}
            <th scope="col">{t("longest")}</th>
          </tr>
        </thead>
        <tbody>
          {now.queues.map((queue) => (
            <tr key={queue.id}>
              <th scope="row">{queue.name || t("no_queue")}</th>
              {shown.map((figure) => {
                const value = queue.values[figure.id];
                const shownValue = text.value(value, figure.unit);
                return (
                  <td key={figure.id}>
                    {value === undefined ? (
                      "–"
                    ) : (
                      <button
                        type="button"
                        className={classes.cell}
                        aria-label={t("cell", {
                          figure: text.words(figure).name,
                          part: queue.name || t("no_queue"),
                          value: shownValue,
                        })}
                        onClick={() => onOpen(figure, { ...of, queue: queue.id || "-" })}
                      >
                        {shownValue}
                      </button>
                    )}
                  </td>
                );
              })}
              <td>{text.value(queue.longest_seconds, "seconds")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
