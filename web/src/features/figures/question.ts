/** What the page asks: it stands in the address, so that a view can be kept and sent. Days are the customer's own. */
import type { Asked, AskedOf, By, Moment } from "../../client/figures-api";

export const filters = ["space", "queue", "skill", "group", "agent", "entry_point", "reason"] as const;
export type Filter = (typeof filters)[number];
export const channels = ["voice", "email", "chat"] as const;
export type ChannelId = (typeof channels)[number];
export const times: readonly By[] = ["quarter", "hour", "day"];
export const bys: readonly By[] = [
  ...times,
  "channel",
  "space",
  "queue",
  "skill",
  "group",
  "agent",
  "entry_point",
  "reason",
];

/** `period`: today, yesterday, week, month, own, or a month such as 2026-10. */
export type Question = {
  period?: string;
  from?: string;
  to?: string;
  channel?: ChannelId;
  by?: By;
  at?: Moment;
  days?: number;
} & Partial<Record<Filter, string>>;

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const periodForm = /^(today|yesterday|week|month|own|\d{4}-(0[1-9]|1[0-2]))$/;

/** From the address: what is not understood is left out. */
export function questionOf(search: Record<string, unknown>): Question {
  const question: Question = {};
  if (periodForm.test(String(search.period))) question.period = String(search.period);
  for (const end of ["from", "to"] as const)
    if (dayForm.test(String(search[end])) && !Number.isNaN(Date.parse(String(search[end]))))
      question[end] = String(search[end]);
  const channel = channels.find((each) => each === search.channel);
  if (channel) question.channel = channel;
  const by = bys.find((each) => each === search.by);
  if (by) question.by = by;
  if (search.at === "received") question.at = "received";
  const days = Math.round(Number(search.days));
  if (days >= 1 && days <= 90 && days !== 7) question.days = days;
  for (const filter of filters)
    if (search[filter] !== undefined && search[filter] !== "")
      question[filter] = String(search[filter]).slice(0, 100);
  return question;
}

/** The day of an instant by the clock of a time zone: 2026-11-25. */
export function dayIn(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return parts.format(now);
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function monthAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** The twelve months before this one, newest first. */
export function monthsBefore(today: string): string[] {
  return Array.from({ length: 12 }, (_, back) => monthAfter(today.slice(0, 7), -back - 1));
}

export type Span = { from: string /** Not included; undefined: until now. */; to: string | undefined };

/** First day and the day after the last. */
export function spanOf(question: Question, today: string): Span {
  const { period = "today" } = question;
  if (period === "yesterday") return { from: dayAfter(today, -1), to: today };
  if (period === "week") {
    const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7; // Monday is 0
    return { from: dayAfter(today, -weekday), to: undefined };
  }
  if (period === "month") return { from: `${today.slice(0, 7)}-01`, to: undefined };
  if (period === "own") {
    const from = question.from ?? dayAfter(today, -6);
    const last = question.to && question.to >= from ? question.to : (question.to ?? today);
    return { from, to: last < today ? dayAfter(last < from ? from : last, 1) : undefined };
  }
  if (period !== "today") return { from: `${period}-01`, to: `${monthAfter(period, 1)}-01` };
  return { from: today, to: undefined };
}

export function byOf(question: Question, span: Span, today: string): By {
  if (question.by) return question.by;
  return span.from === (span.to ? dayAfter(span.to, -1) : today) ? "hour" : "day";
}

export function ofOf(question: Question): AskedOf {
  const of: AskedOf = {};
  if (question.channel) of.channel = question.channel;
  if (question.days) of.days = question.days;
  for (const filter of filters) if (question[filter]) of[filter] = question[filter];
  return of;
}

export function askedOf(question: Question, span: Span): Asked {
  return {
    ...ofOf(question),
    from: `${span.from}T00:00:00`,
    ...(span.to ? { to: `${span.to}T00:00:00` } : {}),
  };
}

type PartOf = { id: string; since: string; until: string };

/** What a cell of the table counts: the whole, narrowed to its part. */
export function askedOfPart(asked: Asked, by: By, at: Moment, part: PartOf): Asked {
  if (!times.includes(by)) return { ...asked, [by]: part.id || "-" };
  if (part.id === "earlier") return { ...asked, received_to: part.since };
  if (at === "received") return { ...asked, received_from: part.since, received_to: part.until };
  return { ...asked, from: part.since, to: part.until };
}
