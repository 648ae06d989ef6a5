import type { Desktop } from "../client/shapes";

/** Answers to approve, inboxes: pages of Mail that are no agent's. */
export function looksAfterMail({ person }: Desktop): boolean {
  return person.permissions.some((each) => each === "mail.validate" || each === "mail.supervise");
}

/** Which page is for whom, in the order of the rail. */
const pages = {
  "/mail": (desktop: Desktop) => Boolean(desktop.mail) || looksAfterMail(desktop),
  "/contacts": ({ person }: Desktop) => person.permissions.some((each) => each.startsWith("contacts.read")),
  "/answers": ({ person }: Desktop) => person.permissions.includes("answers.write"),
  "/chats": ({ person }: Desktop) => person.permissions.includes("contacts.read"), // reading along
  "/figures": ({ person }: Desktop) => person.permissions.includes("figures.read"),
};

export type PagePath = keyof typeof pages;
export const pagePaths = Object.keys(pages) as PagePath[];

export const pagesOf = (desktop: Desktop): PagePath[] => pagePaths.filter((path) => pages[path](desktop));
