/** Which figures are looked at first, by channel, and which are drawn together. */
import type { ChannelId } from "./question";

const usual: Record<ChannelId | "all", readonly string[]> = {
  all: [
    "received",
    "answered",
    "abandoned",
    "service_level",
    "speed_of_answer",
    "handled",
    "handle_time",
    "mails_answered",
    "mail_treatment",
    "chat_first_response",
  ],
  voice: [
    "received",
    "offered",
    "answered",
    "abandoned",
    "dissuaded",
    "service_level",
    "speed_of_answer",
    "handle_time",
    "wrap_up_time",
    "missed",
    "outgoing",
  ],
  email: [
    "mails_received",
    "mails_answered",
    "mail_backlog",
    "mail_first_reply",
    "mail_treatment",
    "mail_treatment_worked",
    "mail_service_level",
    "answers_held",
    "approval_time",
  ],
  chat: [
    "received",
    "answered",
    "abandoned",
    "missed",
    "service_level",
    "chat_first_response",
    "chat_response_time",
    "chat_concurrency",
    "chat_invitations",
    "chat_invitation_acceptance",
    "chat_rating",
  ],
};
export const ratios: readonly string[] = ["first_contact_ratio", "first_contact_resolved"];
export const backlog = [
  "mail_backlog",
  "mail_backlog_hour",
  "mail_backlog_hours",
  "mail_backlog_day",
  "mail_backlog_week",
] as const;

export const usualOf = (channel: ChannelId | undefined): readonly string[] => usual[channel ?? "all"];

/** What is drawn as a line over the bars of a figure. */
export const partners: Record<string, string> = {
  received: "answered",
  offered: "answered",
  mails_received: "mails_answered",
};

/** Those of `ids` first, in their order, the others after them. */
export function inOrder<T extends { id: string }>(figures: readonly T[], ids: readonly string[]): T[] {
  const rank = (id: string) => {
    const at = ids.indexOf(id);
    return at < 0 ? ids.length : at;
  };
  return figures.toSorted((a, b) => rank(a.id) - rank(b.id));
}
