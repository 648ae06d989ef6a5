import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Asked, By, FigureList, FigurePart, FigureRow, Moment } from "../../client/figures-api";
import { IconDownload } from "../../ui/icons";
import { Chart } from "./Chart";
import { inOrder, partners, ratios, usualOf } from "./columns";
import { csvOf, download } from "./csv";
import classes from "./figures.module.css";
import { askedOfPart, bys, type Question, times } from "./question";
import { partName, type Text } from "./text";

type Props = {
  list: FigureList;
  question: Question;
  asked: Asked;
  text: Text;
  onOpen: (figure: FigureRow, asked: Asked, part: string) => void;
  onAsk: (question: Question) => void;
};

/** The period in parts: drawn, as a table whose every number opens, and as a file. */
export function Breakdown({ list, question, asked, text, onOpen, onAsk }: Props) {
  const { t } = text;
  const by = (list.by || "hour") as By;
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [drawn, setDrawn] = useState("");
  const usual = [...usualOf(question.channel), ...ratios];
  const possible = inOrder(
    list.figures.filter((each) => list.parts.some((part) => each.id in part.values)),
    usual,
  );
  const columns = possible.filter((each) => (chosen ?? usual).includes(each.id));
  const main = possible.find((each) => each.id === drawn) ?? columns[0];
  const named = list.parts.map((part) => ({ part, name: partName(text, by, part, oneDay(list)) }));
  const silent = list.parts.every((part) => Object.values(part.values).every((value) => !value));
  const open = (figure: FigureRow, part: FigurePart, name: string) =>
    onOpen(figure, askedOfPart(asked, by, list.at ?? "happened", part), name);
  return (
    <section className={classes.card} aria-labelledby="figures-parts">
      <header className={classes.cardHead}>
        <h2 id="figures-parts">{t("parts")}</h2>
      </header>
      <div className={classes.choosing}>
        <NativeSelect
          label={t("by")}
          value={by}
          onChange={({ currentTarget: { value } }) => onAsk({ ...question, by: value as By })}
          data={bys.map((value) => ({ value, label: t(`bys.${value}`) }))}
        />
        {times.includes(by) ? (
          <NativeSelect
            label={t("moment")}
            value={question.at ?? "happened"}
            onChange={({ currentTarget: { value } }) => {
              const { at: _at, ...rest } = question;
              onAsk(value === "received" ? { ...rest, at: "received" as Moment } : rest);
            }}
            data={(["happened", "received"] as const).map((value) => ({
              value,
              label: t(`moments.${value}`),
            }))}
          />
        ) : null}
        {main ? (
          <NativeSelect
            label={t("drawn")}
            value={main.id}
            onChange={({ currentTarget: { value } }) => setDrawn(value)}
            data={possible.map((each) => ({ value: each.id, label: text.words(each).name }))}
          />
        ) : null}
        <details className={classes.columns}>
          <summary>{t("columns")}</summary>
          <div>
            {possible.map((each) => (
              <label key={each.id}>
                <input
                  type="checkbox"
                  checked={columns.includes(each)}
                  onChange={({ currentTarget: { checked } }) =>
                    setChosen(
                      checked
                        ? [...columns.map((column) => column.id), each.id]
                        : columns.map((column) => column.id).filter((id) => id !== each.id),
                    )
                  }
                />
                {text.words(each).name}
              </label>
            ))}
          </div>
        </details>
        <Button
          className={classes.right}
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          disabled={list.parts.length === 0}
          onClick={() => download(fileName(list, by), csvOf(rowsOf(named, columns, by, text)))}
        >
          {t("csv")}
        </Button>
      </div>
      {silent || !main ? (
        <p className={classes.faint}>{t("no_parts")}</p>
      ) : (
        <>
          <Chart
            bars={main}
            line={possible.find((each) => each.id === partners[main.id])}
            parts={named}
            by={by}
            text={text}
            onOpen={(index) => {
              const at = named[index];
              if (at) open(main, at.part, at.name);
            }}
          />
          <Table columns={columns} parts={named} list={list} text={text} onOpen={open} />
        </>
      )}
    </section>
  );
}

export type NamedPart = { part: FigurePart; name: string };

function oneDay(list: FigureList): boolean {
  return Date.parse(list.until) - Date.parse(list.since) <= 25 * 3_600_000;
}

type TableProps = {
  columns: FigureRow[];
  parts: NamedPart[];
  list: FigureList;
  text: Text;
  onOpen: (figure: FigureRow, part: FigurePart, name: string) => void;
};

function Table({ columns, parts, list, text, onOpen }: TableProps) {
  const { t } = text;
  return (
    <section
      className={`${classes.tableBox} ${classes.long} scroll`}
      aria-label={t("parts_table")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
      tabIndex={0}
    >
      <table className={classes.table} data-parts={list.by}>
        <thead>
          <tr>
            <th scope="col">{t("part")}</th>
            {columns.map((figure) => (
              <th key={figure.id} scope="col" title={text.words(figure).definition}>
                {text.words(figure).name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, name }) => (
            <tr key={`${part.id} ${part.since}`}>
              <th scope="row">{name}</th>
              {columns.map((figure) => {
                const value = part.values[figure.id];
                const shown = text.value(value, figure.unit);
                return (
                  <td key={figure.id}>
                    {opens(value, figure.unit) ? (
                      <button
                        type="button"
                        className={classes.cell}
                        aria-label={t("cell", { figure: text.words(figure).name, part: name, value: shown })}
                        onClick={() => onOpen(figure, part, name)}
                      >
                        {shown}
                      </button>
                    ) : (
                      <span className={classes.zero}>{shown}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A number of nothing has nothing behind it; a share or a mean that is zero has. */
function opens(value: number | null | undefined, unit: string): boolean {
  return value !== null && value !== undefined && (value !== 0 || unit !== "count");
}

function rowsOf(parts: NamedPart[], columns: FigureRow[], by: By, text: Text) {
  const timed = times.includes(by);
  const head = [
    text.t("part"),
    ...(timed ? [text.t("from"), text.t("to")] : []),
    ...columns.map((figure) => text.words(figure).name),
  ];
  const rows = parts.map(({ part, name }) => [
    name,
    ...(timed ? [part.since, part.until] : []),
    ...columns.map((figure) => part.values[figure.id] ?? null),
  ]);
  return [head, ...rows];
}

function fileName(list: FigureList, by: string): string {
  return `figures-${list.since.slice(0, 10)}-${list.until.slice(0, 10)}-${by}.csv`;
}
