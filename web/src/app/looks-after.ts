import type { Desktop } from "../client/shapes";

/** Answers to approve, inboxes: pages of Mail that are no agent's. */
export function looksAfterMail({ person }: Desktop): boolean {
  return person.permissions.some((each) => each === "mail.validate" || each === "mail.supervise");
}
