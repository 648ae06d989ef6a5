import { Switch, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { FigureList, FigureRow } from "../../client/figures-api";
import { remembered } from "../../lib/remembered";
import { inOrder, ratios, usualOf } from "./columns";
import classes from "./figures.module.css";
import type { Question } from "./question";
import type { Text } from "./text";

type Props = {
  list: FigureList;
  question: Question;
  text: Text;
  onOpen: (figure: FigureRow) => void;
  onAsk: (question: Question) => void;
};
const key = "figures.definitions";

/** The period as a whole. Each figure opens; the First Contact Ratio has its rules beside it. */
export function Tiles({ list, question, text, onOpen, onAsk }: Props) {
  const { t } = text;
  const [all, setAll] = useState(false);
  const [defined, setDefined] = useState(() => remembered.get<boolean>(key) ?? false);
  const usual = usualOf(question.channel);
  const figures = inOrder(
    list.figures.filter((each) => !ratios.includes(each.id)),
    usual,
  );
  const first = figures.filter((each) => usual.includes(each.id));
  const shown = all ? figures : first;
  const silent = list.figures.every((each) => !each.value);
  return (
    <section className={classes.card} aria-labelledby="figures-period">
      <header className={classes.cardHead}>
        <h2 id="figures-period">{t("in_period")}</h2>
        <small>
          {question.period && question.period !== "today" && list.until < new Date().toISOString()
            ? t("span", { from: text.full(list.since), to: text.full(list.until) })
            : t("until_now", { from: text.full(list.since) })}
        </small>
        <Switch
          className={classes.right}
          size="xs"
          label={t("definitions")}
          checked={defined}
          onChange={({ currentTarget: { checked } }) => {
            setDefined(checked);
            remembered.set(key, checked);
          }}
        />
      </header>
      {silent ? <p className={classes.faint}>{t("nothing")}</p> : null}
      <div className={classes.tiles}>
        {shown.map((figure) => (
          <Tile key={figure.id} figure={figure} defined={defined} text={text} onOpen={onOpen} />
        ))}
      </div>
      {figures.length > first.length ? (
        <button type="button" className={classes.all} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("fewer_figures") : t("all_figures", { count: figures.length })}
        </button>
      ) : null}
      <Ratios list={list} question={question} text={text} onOpen={onOpen} onAsk={onAsk} />
    </section>
  );
}

type TileProps = {
  figure: FigureRow;
  defined: boolean;
  text: Text;
  days?: number;
  onOpen: (figure: FigureRow) => void;
};

function Tile({ figure, defined, text, days, onOpen }: TileProps) {
  const { name, definition } = text.words(figure, days);
  return (
    <button
      type="button"
      className={classes.tile}
      data-figure={figure.id}
      title={defined ? undefined : definition}
      onClick={() => onOpen(figure)}
    >
      <span className={classes.name}>{name}</span>
      <span className={classes.value}>{text.value(figure.value, figure.unit)}</span>
      {defined ? <span className={classes.rule}>{definition}</span> : null}
      <span className="visually-hidden">{text.t("open")}</span>
    </button>
  );
}

/** Under both rules, each with its rule, and the days of the first to choose. */
function Ratios({ list, question, text, onOpen, onAsk }: Props) {
  const { t } = text;
  const figures = inOrder(
    list.figures.filter((each) => ratios.includes(each.id)),
    ratios,
  );
  const days = question.days ?? 7;
  const [typed, setTyped] = useState(String(days));
  useEffect(() => setTyped(String(days)), [days]);
  if (figures.length === 0) return null;
  return (
    <div className={classes.ratios}>
      {figures.map((figure) => (
        <div key={figure.id} className={classes.ratio}>
          <Tile figure={figure} defined days={days} text={text} onOpen={onOpen} />
          {figure.id === "first_contact_ratio" ? (
            <TextInput
              type="number"
              size="xs"
              label={t("fcr_days")}
              title={t("fcr_days_hint")}
              min={1}
              max={90}
              value={typed}
              onChange={({ currentTarget: { value } }) => {
                setTyped(value);
                const wanted = Math.round(Number(value));
                if (wanted >= 1 && wanted <= 90) {
                  const { days: _days, ...rest } = question;
                  onAsk(wanted === 7 ? rest : { ...rest, days: wanted });
                }
              }}
              onBlur={() => setTyped(String(days))}
            />
          ) : null}
        </div>
      ))}
    </div>
  );
}
