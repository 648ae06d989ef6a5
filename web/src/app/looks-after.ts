import type { Desktop } from "../client/shapes";

/** Answers to approve, inboxes: pages of Mail that are no agent's. */
export function looksAfterMail({ person }: Desktop): boolean {
  return person.permissions.some((each) => each === "mail.validate" || each === "mail.supervise");
}

/** The page of figures; an agent has his own on his desktop. */
export function looksAtFigures({ person }: Desktop): boolean {
  return person.permissions.includes("figures.read");
}

/** Reading along in the chats of others. */
export function looksAfterChats({ person }: Desktop): boolean {
  return person.permissions.includes("contacts.read");
}
