import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Choice, Choices } from "../../client/figures-api";
import { IconFilter } from "../../ui/icons";
import classes from "./figures.module.css";
import { channels, dayAfter, type Filter, filters, monthsBefore, type Question, spanOf } from "./question";
import type { Text } from "./text";

type Props = {
  question: Question;
  today: string;
  choices: Choices;
  onAsk: (question: Question) => void;
  text: Text;
};

/** Which period, which channel, of what. */
export function PeriodBar({ question, today, choices, onAsk, text }: Props) {
  const { t } = text;
  const set = filters.filter((each) => question[each]);
  const [open, setOpen] = useState(set.length > 0);
  const period = question.period ?? "today";
  const change = (more: Partial<Question>) => onAsk({ ...question, ...more });
  return (
    <search className={classes.bar} aria-label={t("title")}>
      <NativeSelect
        aria-label={t("period")}
        value={period}
        onChange={({ currentTarget: { value } }) => {
          const { from: _from, to: _to, by: _by, ...rest } = question;
          const span = spanOf(question, today);
          const own = value === "own" ? { from: span.from, to: span.to ? dayAfter(span.to, -1) : today } : {};
          onAsk({ ...rest, ...own, period: value });
        }}
        data={[
          ...(["today", "yesterday", "week", "month"] as const).map((value) => ({
            value,
            label: t(`periods.${value}`),
          })),
          ...monthsBefore(today).map((value) => ({ value, label: text.month(value) })),
          { value: "own", label: t("periods.own") },
        ]}
      />
      {period === "own" ? (
        <>
          <TextInput
            type="date"
            aria-label={t("from")}
            value={question.from ?? ""}
            max={question.to ?? today}
            onChange={({ currentTarget: { value } }) => value && change({ from: value })}
          />
          <TextInput
            type="date"
            aria-label={t("to")}
            value={question.to ?? ""}
            min={question.from}
            max={today}
            onChange={({ currentTarget: { value } }) => value && change({ to: value })}
          />
        </>
      ) : null}
      <SegmentedControl
        aria-label={t("channel")}
        value={question.channel ?? "all"}
        onChange={(value) => {
          const { channel: _channel, ...rest } = question;
          const channel = channels.find((each) => each === value);
          onAsk(channel ? { ...rest, channel } : rest);
        }}
        data={(["all", ...channels] as const).map((value) => ({ value, label: t(`channels.${value}`) }))}
      />
      <Button
        variant={set.length > 0 ? "light" : "default"}
        leftSection={<IconFilter size={15} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {set.length > 0 ? t("filters_on", { count: set.length }) : t("filters")}
      </Button>
      {open ? (
        <div className={classes.filters}>
          {filters.map((each) => (
            <NativeSelect
              key={each}
              label={t(`of.${each}`)}
              value={question[each] ?? ""}
              onChange={({ currentTarget: { value } }) => {
                const { [each]: _old, ...rest } = question;
                onAsk(value ? { ...rest, [each]: value } : rest);
              }}
              data={[
                { value: "", label: t("any") },
                ...known(choicesOf(choices, each, question), question[each]),
                { value: "-", label: t("none") },
              ]}
            />
          ))}
          {set.length > 0 ? (
            <Button
              className={classes.clear}
              variant="subtle"
              onClick={() => {
                const { period: _period, from, to, channel, by, at, days } = question;
                const kept = { period, from, to, channel, by, at, days };
                onAsk(Object.fromEntries(Object.entries(kept).filter(([, value]) => value)) as Question);
              }}
            >
              {t("clear")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </search>
  );
}

const listOf: Record<
  Filter,
  "spaces" | "queues" | "skills" | "groups" | "agents" | "entry_points" | "reasons"
> = {
  space: "spaces",
  queue: "queues",
  skill: "skills",
  group: "groups",
  agent: "agents",
  entry_point: "entry_points",
  reason: "reasons",
};

function choicesOf(choices: Choices, filter: Filter, { channel }: Question): Choice[] {
  const all = choices[listOf[filter]];
  return channel ? all.filter((each) => !each.channel || each.channel === channel) : all;
}

/** What is chosen stays in the list, even when it is gone from the configuration. */
function known(of: Choice[], chosen: string | undefined) {
  const data = of
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  if (chosen && chosen !== "-" && !of.some((each) => each.id === chosen))
    data.push({ value: chosen, label: chosen });
  return data;
}
