import { useElementSize } from "@mantine/hooks";
import type { FigureRow } from "../../client/figures-api";
import type { NamedPart } from "./Breakdown";
import classes from "./figures.module.css";
import { times } from "./question";
import { marksOf } from "./scale";
import type { Text } from "./text";

type Props = {
  bars: FigureRow;
  line: FigureRow | undefined;
  parts: NamedPart[];
  by: string;
  text: Text;
  onOpen: (index: number) => void;
};
const height = 220;
const top = 10;
const bottom = 24;

/** Bars of one figure over the parts, and a line of its partner. The table below has the same numbers for who can not see it. */
export function Chart({ bars, line, parts, by, text, onOpen }: Props) {
  const { t } = text;
  const { ref, width } = useElementSize();
  const timed = times.some((each) => each === by);
  const values = parts.map(({ part }) => part.values[bars.id] ?? 0);
  const others = line && timed ? parts.map(({ part }) => part.values[line.id] ?? 0) : [];
  const marks = marksOf(Math.max(0, ...values, ...others), bars.unit);
  const most = marks.at(-1) || 1;
  const left = Math.max(28, 10 + 7 * Math.max(...marks.map((mark) => text.value(mark, bars.unit).length)));
  const room = Math.max(60, width - left - 8);
  const step = room / parts.length;
  const y = (value: number) => top + (height - top - bottom) * (1 - value / most);
  const x = (index: number) => left + step * index;
  const labelWidth = timed ? 52 : 96;
  const every = Math.max(1, Math.ceil(labelWidth / step));
  const words = {
    figure: text.words(bars).name,
    other: line ? text.words(line).name : "",
    by: t(`bys.${by as "hour"}`),
  };
  const label = others.length > 0 ? t("chart_pair", words) : t("chart", words);
  return (
    <figure className={classes.chart} ref={ref}>
      <figcaption>
        <span className={classes.barKey} aria-hidden="true" /> {words.figure}
        {others.length > 0 ? (
          <>
            <span className={classes.lineKey} aria-hidden="true" /> {words.other}
          </>
        ) : null}
      </figcaption>
      <svg width="100%" height={height} role="img" aria-label={label}>
        {marks.map((mark) => (
          <g key={mark}>
            <line className={classes.grid} x1={left} x2={left + room} y1={y(mark)} y2={y(mark)} />
            <text className={classes.axis} x={left - 6} y={y(mark) + 4} textAnchor="end">
              {text.value(mark, bars.unit)}
            </text>
          </g>
        ))}
        {parts.map(({ part, name }, index) => {
          const value = values[index] ?? 0;
          const wide = Math.max(1, Math.min(step * 0.7, 44));
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table's buttons do the same for the keyboard
            <g
              key={`${part.id} ${part.since}`}
              className={classes.barBox}
              onClick={value ? () => onOpen(index) : undefined}
            >
              <title>{`${name}: ${text.value(part.values[bars.id], bars.unit)}`}</title>
              <rect x={x(index)} y={top} width={step} height={height - top - bottom} fill="transparent" />
              <rect
                className={classes.drawn}
                x={x(index) + (step - wide) / 2}
                y={y(value)}
                width={wide}
                height={Math.max(0, y(0) - y(value))}
                rx={Math.min(3, wide / 3)}
              />
              {index % every === 0 ? (
                <text className={classes.axis} x={x(index) + step / 2} y={height - 6} textAnchor="middle">
                  {shortName(name, timed)}
                </text>
              ) : null}
            </g>
          );
        })}
        {others.length > 1 ? (
          <polyline
            className={classes.line}
            points={others.map((value, index) => `${x(index) + step / 2},${y(value)}`).join(" ")}
          />
        ) : null}
        {others.map((value, index) => (
          <circle
            key={`${parts[index]?.part.id} ${parts[index]?.part.since}`}
            className={classes.dot}
            cx={x(index) + step / 2}
            cy={y(value)}
            r={step > 14 ? 3 : 1.5}
          />
        ))}
      </svg>
    </figure>
  );
}

const shortName = (name: string, timed: boolean) =>
  timed || name.length <= 14 ? name : `${name.slice(0, 13)}…`;
