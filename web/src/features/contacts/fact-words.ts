import type { i18n as I18n, TFunction } from "i18next";
import type { FactRow } from "../../client/shapes";
import { clockFace, secondsOfDuration } from "../../lib/duration";
import { localeOf } from "../../lib/locale";
import { readableNumber } from "../../lib/text";

export type Names = { agents: Record<string, { name: string }>; queues: Record<string, { name: string }> };

const small = new Set([
  "leg_started",
  "leg_ringing",
  "leg_answered",
  "leg_ended",
  "step_entered",
  "script_started",
  "contact_qualified",
  "agent_state_changed",
  "messages_seen",
  "visitor_came",
  "visitor_gone",
  "page_visited",
]);
const instants = new Set(["due_at", "undo_until", "until", "deadline"]);
const spans = new Set(["waited", "rang", "held", "talked", "lasted", "away", "worked", "parked"]);

/** A notice in a chat, or the message that tells of a call, only repeats what other facts say. */
export function isMainFact({ kind, body }: FactRow): boolean {
  const told = kind === "message_written" && (body.kind === "notice" || body.kind === "call");
  return !small.has(kind) && !told;
}

function value(key: string, raw: unknown, t: TFunction, i18n: I18n, names: Names): string {
  if (raw === null || raw === undefined || raw === "") return "–";
  if (spans.has(key)) return clockFace(secondsOfDuration(String(raw)));
  if (instants.has(key)) {
    const form = new Intl.DateTimeFormat(localeOf(i18n.language), {
      dateStyle: "medium",
      timeStyle: "short",
    });
    return form.format(new Date(String(raw)));
  }
  const text = typeof raw === "object" ? JSON.stringify(raw) : String(raw);
  if (key === "agent_id" || key === "from_agent_id") return names.agents[text]?.name ?? text;
  if (key === "queue_id") return names.queues[text]?.name ?? text;
  if (key === "to") {
    const [kind, id = ""] = text.split(/:(.*)/s);
    if (kind === "agent") return names.agents[id]?.name ?? id;
    if (kind === "queue") return names.queues[id]?.name ?? id;
    return readableNumber(id || text);
  }
  if (key === "remote" || key === "address") return readableNumber(text);
  if ((key === "cause" || key === "outcome") && i18n.exists(`cause.${text}`))
    return t(`cause.${text}` as "cause.busy");
  if (key === "rule" && i18n.exists(`rule.${text}`)) return t(`rule.${text}` as "rule.only_one");
  if ((key === "stage" || key === "way") && i18n.exists(`call_stage.${text}`))
    return t(`call_stage.${text}` as "call_stage.asked");
  if ((key === "values" || key === "asked") && typeof raw === "object")
    return Object.entries(raw as Record<string, unknown>)
      .map(([name, each]) => `${name} = ${String(each)}`)
      .join(", ");
  return text;
}

function keyOf(fact: FactRow): string {
  if (fact.kind === "contact_arrived" && fact.body.direction === "outbound") return "contact_arrived_out";
  if (fact.kind === "menu_chosen" && !fact.body.choice) return "menu_not_chosen";
  if (fact.kind === "contact_queued" && fact.body.again === true) return "contact_queued_again";
  if (fact.kind === "look_up_ended" && fact.body.detail) return "look_up_ended_so";
  return fact.kind;
}

/** A fact as a sentence. One that this build does not know yet is shown with its plain content. */
export function factSentence(fact: FactRow, t: TFunction, i18n: I18n, names: Names): string {
  const words: Record<string, string> = {};
  for (const [key, raw] of Object.entries(fact.body))
    words[key.replace(/_seconds$/, "")] = value(key.replace(/_seconds$/, ""), raw, t, i18n, names);
  const key = `fact.${keyOf(fact)}`;
  if (i18n.exists(key)) return String(t(key as never, words as never));
  const rest = Object.entries(words)
    .filter(([name]) => name !== "contact_id")
    .map(([name, each]) => `${name} ${each}`);
  return [fact.kind.replaceAll("_", " "), ...rest].join(" · ");
}
