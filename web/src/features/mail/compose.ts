/** What an answer starts as, and what is looked at before it goes. Pure. */
import type { Draft, DraftFile, OutgoingAddress, Thread, ThreadMail } from "../../client/mail-shapes";

const addressForm = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]{2,}$/;

/** "Joan Smith <joan@x.org>" or the bare address. */
export function written(address: string, name = ""): string {
  return name && name !== address ? `${name.replace(/[<>",;]/g, " ").trim()} <${address}>` : address;
}

export function addressIn(recipient: string): string {
  return (/<([^<>]*)>\s*$/.exec(recipient)?.[1] ?? recipient).trim();
}

export function isAddress(recipient: string): boolean {
  return addressForm.test(addressIn(recipient));
}

/** What was typed or pasted into a field of recipients: one by line, comma or semicolon, names in quotes untouched. */
export function recipientsIn(typed: string): string[] {
  return typed
    .split(/[;,\n\t](?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((each) => each.trim().replaceAll('"', ""))
    .filter(Boolean);
}

export function added(before: string[], more: string[]): string[] {
  const have = new Set(before.map((each) => addressIn(each).toLowerCase()));
  return [...before, ...more.filter((each) => !have.has(addressIn(each).toLowerCase()))];
}

/** The subject of an answer: one "Re:", whatever the languages of those before it. */
export function replySubject(subject: string): string {
  const bare = subject
    .replace(/^(?:\s*(?:re|aw|sv|antw|réf?|rép|tr|fwd?|wg)\s*(?:\[\d+\])?\s*:)+/i, "")
    .trim();
  return `Re: ${bare}`;
}

export function lastReceived(mails: ThreadMail[]): ThreadMail | null {
  return mails.findLast((mail) => mail.direction === "in" && mail.kind === "person") ?? null;
}

/** What the end-customer writes in, as far as it is known. */
export function languageOf({ contact, mails, languages }: Thread): string {
  return contact.language || lastReceived(mails)?.language || languages[0] || "en";
}

export function firstDraft(thread: Thread): Draft {
  const asked =
    lastReceived(thread.mails) ?? thread.mails.findLast((mail) => mail.direction === "in") ?? null;
  const { contact } = thread;
  const signature = thread.signature?.html ?? "";
  return {
    to: asked ? answersTo(asked) : [written(contact.remote, contact.remote_name)],
    cc: [],
    bcc: [],
    subject: replySubject(asked?.subject || contact.subject),
    html: signature ? `<p></p>${signature}` : "",
    text: thread.signature?.text ? `\n${thread.signature.text}` : "",
    attachments: [],
    language: languageOf(thread),
    plain: false,
    version: 0,
  };
}

/** What a mail that answers none starts as: signed for its inbox. */
export function newMail(inbox: OutgoingAddress | undefined, language: string): Draft {
  const signature = inbox?.signature ?? { html: "", text: "" };
  return {
    to: [],
    cc: [],
    bcc: [],
    subject: "",
    html: signature.html ? `<p></p>${signature.html}` : "",
    text: signature.text ? `\n${signature.text}` : "",
    attachments: [],
    language: inbox?.language || language,
    plain: false,
    version: 0,
    inbox_id: inbox?.inbox_id ?? "",
    note: "",
  };
}

type Signature = { html: string; text: string };

/** The draft signed anew, as its inbox is another one; null when nothing changes or the person has rewritten the signature. */
export function resigned(draft: Draft, before: Signature, after: Signature): Partial<Draft> | null {
  if (before.text === after.text) return null;
  const text = withoutEnd(draft.text, before.text);
  const html = draft.plain ? "" : withoutEnd(draft.html, before.html);
  if (text === null || html === null) return null;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  return {
    text: after.text ? `${text || "\n"}${gap}${after.text}` : text,
    html: draft.plain ? draft.html : `${html || "<p></p>"}${after.html}`,
  };
}

function withoutEnd(whole: string, end: string): string | null {
  const trimmed = whole.trimEnd();
  if (!end.trim()) return whole;
  return trimmed.endsWith(end.trim()) ? trimmed.slice(0, -end.trim().length) : null;
}

const variable = /\{(?:(?:end_customer|agent|contact|space|company|values)\.[A-Za-z0-9_]+|date)\}/g;

/** The variables of a ready-made text that nobody has filled in. */
export function unfilled({ subject, text }: Draft): string[] {
  return [...new Set(`${subject}\n${text}`.match(variable) ?? [])];
}

/** Where an answer is wanted: a form on a website writes as nobody and says who has filled it in. */
function answersTo(mail: ThreadMail): string[] {
  const wanted = mail.reply_to.filter((each) => each.address !== mail.from);
  return wanted.length > 0
    ? wanted.map((each) => written(each.address, each.name))
    : [written(mail.from, mail.from_name)];
}

/** Everybody else that the last mail was written to, for "reply to all". */
export function othersOf(thread: Thread, draft: Draft, own: string[]): string[] {
  const asked = lastReceived(thread.mails);
  const skip = new Set(
    [...own, ...draft.to.map(addressIn), ...draft.cc.map(addressIn)].map((a) => a.toLowerCase()),
  );
  return [...(asked?.to ?? []), ...(asked?.cc ?? [])]
    .filter((each) => !skip.has(each.address.toLowerCase()))
    .map((each) => written(each.address, each.name));
}

const attachmentWords = {
  en: /\b(?:attach(?:ed|ing|ment|ments)?|enclos(?:ed|ing|ure))\b/i,
  fr: /pi[eè]ces?[\s-]jointes?|ci-joint|en (?:annexe|pi[eè]ce)|\bje (?:vous )?joins\b/i,
};

/** Is something said to be attached although nothing is? Quoted lines and the signature do not count. */
export function missesAttachment(draft: Draft, signature = ""): boolean {
  if (draft.attachments.some((file) => !file.inline_id)) return false;
  const said = draft.text
    .replace(signature.trim() || "\u0000", "")
    .split("\n")
    .filter((line) => !line.startsWith(">"))
    .join("\n");
  return Object.values(attachmentWords).some((words) => words.test(said));
}

/** Has the person written anything beyond the signature? */
export function isBlank(draft: Draft, signature = ""): boolean {
  const own = draft.text.replace(signature.trim() || "\u0000", "").trim();
  return own === "" && draft.attachments.length === 0;
}

/** Inline images: addresses of ours while they are looked at, `cid:` when they travel. */
export function forTravel(html: string): string {
  return html.replace(/src="\/api\/v1\/files\/([^"?]+)[^"]*"/g, 'src="cid:$1"');
}
export function forEditing(html: string): string {
  return html.replace(/src="cid:([^"]+)"/g, 'src="/api/v1/files/$1"');
}
export function imagesIn(html: string): Set<string> {
  return new Set([...html.matchAll(/src="(?:cid:|\/api\/v1\/files\/)([^"?]+)/g)].map(([, id]) => id ?? ""));
}
/** An inline image that was taken out of the text does not travel along. */
export function travelling(files: DraftFile[], html: string): DraftFile[] {
  const shown = imagesIn(html);
  return files.filter((file) => !file.inline_id || shown.has(file.inline_id));
}

/** How much of a canned text was changed before it went, 0 to 1: the share of its words that are not in the answer. */
export function editedShare(canned: string, sent: string): number {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const before = words(canned);
  if (before.length === 0) return 0;
  const left = new Map<string, number>();
  for (const word of words(sent)) left.set(word, (left.get(word) ?? 0) + 1);
  let lost = 0;
  for (const word of before) {
    const count = left.get(word) ?? 0;
    if (count === 0) lost += 1;
    else left.set(word, count - 1);
  }
  return Math.round((lost / before.length) * 100) / 100;
}

export function readableSize(bytes: number, language: string): string {
  const units = language.startsWith("fr") ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[power]}`;
}

export type ParkChoice = { id: "reply" | "hour" | "afternoon" | "tomorrow" | "monday"; until: Date | null };

/** The usual times to look at a mail again, in the person's own clock. */
export function parkChoices(now: Date): ParkChoice[] {
  const at = (days: number, hour: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day;
  };
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { id: "reply", until: null },
    { id: "hour", until: new Date(now.getTime() + 3_600_000) },
    ...(now.getHours() < 13 ? [{ id: "afternoon" as const, until: at(0, 14) }] : []),
    { id: "tomorrow", until: at(1, 9) },
    { id: "monday", until: at(toMonday, 9) },
  ];
}

/** For `<input type="datetime-local">`. */
export function localInput(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
