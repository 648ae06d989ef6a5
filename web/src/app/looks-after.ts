import type { Desktop } from "../client/shapes";

/** Answers to approve, inboxes: pages of Mail that are no agent's. */
export function looksAfterMail({ person }: Desktop): boolean {
  return person.permissions.some((each) => each === "mail.validate" || each === "mail.supervise");
}

/** Reading along in the chats of others. */
export function looksAfterChats({ person }: Desktop): boolean {
  return person.permissions.includes("contacts.read");
}
