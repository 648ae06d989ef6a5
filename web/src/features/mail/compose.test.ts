import { describe, expect, it } from "vitest";
import type { Draft, Thread, ThreadMail } from "../../client/mail-shapes";
import {
  added,
  addressIn,
  editedShare,
  firstDraft,
  forEditing,
  forTravel,
  isAddress,
  isBlank,
  missesAttachment,
  newMail,
  othersOf,
  parkChoices,
  readableSize,
  recipientsIn,
  replySubject,
  resigned,
  travelling,
  unfilled,
} from "./compose";

const mail = (more: Partial<ThreadMail>): ThreadMail => ({
  id: 1,
  direction: "in",
  kind: "person",
  state: "stored",
  from: "joan@smith.example",
  from_name: "Joan Smith",
  reply_to: [],
  to: [{ address: "care@shop.example", name: "Shop" }],
  cc: [{ address: "amir@smith.example", name: "" }],
  subject: "Order 48213",
  sent_at: null,
  received_at: "2026-11-24T12:00:00Z",
  bcc: [],
  has_remote_images: false,
  sender_check: "",
  protection: "",
  remark: "",
  remark_by: null,
  corrects: null,
  failure: "",
  expert: false,
  text: "",
  has_html: false,
  quoted_text: "",
  signature_text: "",
  language: "en",
  attachments: [],
  agent: null,
  ...more,
});
const thread = (mails: ThreadMail[], signature?: Thread["signature"]): Thread => ({
  contact: {
    contact_id: 1,
    thread_id: 1,
    channel: "email",
    state: "in_contact",
    subject: "Order 48213",
    remote: "joan@smith.example",
    remote_name: "Joan Smith",
    queue: null,
    agent: null,
    entry_point: null,
    space_id: "retail",
    language: "en",
    tags: [],
    values: {},
    arrived_at: "",
    due_at: null,
    parked_until: null,
    closing_reason: null,
    trouble: "",
    return_reason: "",
    expert_to: "",
    expert_deadline: null,
  },
  undo: null,
  closing_reasons: [],
  closing_reason_required: false,
  languages: ["en"],
  from_addresses: [],
  mails,
  draft: null,
  notes: [],
  can: [],
  signature: signature ?? { html: "", text: "" },
});
const draft = (more: Partial<Draft>): Draft => ({ ...firstDraft(thread([mail({})])), ...more });

describe("an answer", () => {
  it("goes to who wrote last, not to a machine, with one Re:", () => {
    const bounce = mail({ kind: "bounce", from: "mailer-daemon@x.example", from_name: "" });
    const first = firstDraft(thread([mail({ subject: "RE: Re[2]: AW: Order" }), bounce]));
    expect(first).toMatchObject({
      to: ["Joan Smith <joan@smith.example>"],
      subject: "Re: Order",
      version: 0,
    });
    expect(replySubject("Réf : commande")).toBe("Re: commande");
    expect(replySubject("Rest of the order")).toBe("Re: Rest of the order");
  });

  it("goes where the answer is wanted when a form has written", () => {
    const wanted = [{ address: "joan@smith.example", name: "" }];
    const form = mail({ from: "noreply@forms.example", from_name: "Form", reply_to: wanted });
    expect(firstDraft(thread([form])).to).toEqual(["joan@smith.example"]);
  });

  it("starts above the signature of the inbox", () => {
    const first = firstDraft(thread([mail({})], { html: "<p>Shop</p>", text: "Shop" }));
    expect(first.html).toBe("<p></p><p>Shop</p>");
    expect(isBlank(first, "Shop")).toBe(true);
    expect(isBlank({ ...first, text: "Hello\nShop" }, "Shop")).toBe(false);
  });

  it("reaches the others too when asked, never ourselves", () => {
    const asked = thread([mail({})]);
    expect(othersOf(asked, firstDraft(asked), ["CARE@shop.example"])).toEqual(["amir@smith.example"]);
  });

  it("reads recipients as people paste them", () => {
    expect(recipientsIn('"Smith, Joan" <joan@x.org>; a@b.org,c@d.org\n')).toEqual([
      "Smith, Joan <joan@x.org>",
      "a@b.org",
      "c@d.org",
    ]);
    expect(addressIn("Joan <joan@x.org>")).toBe("joan@x.org");
    expect(isAddress("Joan <joan@x.org>")).toBe(true);
    for (const wrong of ["joan", "joan@", "joan@x", "a b@x.org", "<>"]) expect(isAddress(wrong)).toBe(false);
    expect(added(["Joan <joan@x.org>"], ["JOAN@x.org", "a@b.org"])).toEqual(["Joan <joan@x.org>", "a@b.org"]);
  });

  it("notices an attachment that is spoken of and is not there", () => {
    for (const text of [
      "Please find attached",
      "see the attachment",
      "Vous trouverez ci-joint",
      "en pièce jointe",
    ])
      expect(missesAttachment(draft({ text }))).toBe(true);
    for (const text of ["Hello", "> see attached", "I am attaining it"])
      expect(missesAttachment(draft({ text }))).toBe(false);
    expect(missesAttachment(draft({ text: "Hi\nattached to quality" }), "attached to quality")).toBe(false);
    const file = { file_id: "f", name: "a.pdf", media_type: "application/pdf", size: 1, inline_id: "" };
    expect(missesAttachment(draft({ text: "attached", attachments: [file] }))).toBe(false);
    expect(missesAttachment(draft({ text: "attached", attachments: [{ ...file, inline_id: "f" }] }))).toBe(
      true,
    );
  });

  it("sends inline images by their ids and leaves out those that were removed", () => {
    const html = '<p><img src="/api/v1/files/f1?x=1" alt="a"></p>';
    expect(forTravel(html)).toBe('<p><img src="cid:f1" alt="a"></p>');
    expect(forEditing(forTravel(html))).toBe('<p><img src="/api/v1/files/f1" alt="a"></p>');
    const file = (file_id: string, inline_id: string) => ({
      file_id,
      name: "",
      media_type: "",
      size: 1,
      inline_id,
    });
    const kept = travelling([file("f1", "f1"), file("f2", "f2"), file("f3", "")], html);
    expect(kept.map((each) => each.file_id)).toEqual(["f1", "f3"]);
  });

  it("measures how much of a canned text was changed", () => {
    expect(editedShare("Your parcel arrives today", "Hello Joan, your parcel arrives today.")).toBe(0);
    expect(editedShare("Your parcel arrives today", "Your parcel is lost")).toBe(0.5);
    expect(editedShare("", "x")).toBe(0);
  });
});

describe("sizes and times", () => {
  it("are written as the reader writes them", () => {
    expect(readableSize(999, "en")).toBe("999 B");
    expect(readableSize(1_450_000, "en")).toBe("1.5 MB");
    expect(readableSize(1_450_000, "fr")).toBe("1,5 Mo");
    expect(readableSize(25_000_000, "en")).toBe("25 MB");
  });

  it("offers the usual times to look at a mail again", () => {
    const choices = parkChoices(new Date(2026, 10, 24, 10, 30)); // a Tuesday
    expect(choices.map(({ id }) => id)).toEqual(["reply", "hour", "afternoon", "tomorrow", "monday"]);
    expect(choices.at(-1)?.until).toEqual(new Date(2026, 10, 30, 9));
    expect(parkChoices(new Date(2026, 10, 30, 15)).at(-1)?.until).toEqual(new Date(2026, 11, 7, 9)); // a Monday
  });
});

describe("a new mail", () => {
  const shop = { html: "<p>The shop &amp; co</p>", text: "The shop & co" };
  const care = { html: "<p>Care<br>Lyon</p>", text: "Care\nLyon" };
  const none = { html: "", text: "" };
  const inbox = {
    inbox_id: "shop",
    address: "shop@x.example",
    name: "Shop",
    language: "fr",
    signature: shop,
  };

  it("is signed for its inbox and written in its language", () => {
    const draft = newMail(inbox, "en");
    expect(draft.html).toBe("<p></p><p>The shop &amp; co</p>");
    expect(draft.language).toBe("fr");
    expect(isBlank(draft, shop.text)).toBe(true);
    expect(newMail(undefined, "en").language).toBe("en");
  });

  it("is signed anew when its inbox changes, whatever was written above", () => {
    const draft = { ...newMail(inbox, "en"), html: `<p>Hello</p>${shop.html}`, text: `Hello\n${shop.text}` };
    const changed = resigned(draft, shop, care);
    expect(changed).toEqual({ html: `<p>Hello</p>${care.html}`, text: `Hello\n${care.text}` });
    const back = resigned({ ...draft, ...changed }, care, none);
    expect(back).toEqual({ html: "<p>Hello</p>", text: "Hello\n" });
    expect(resigned({ ...draft, ...back }, none, shop)?.text).toBe(`Hello\n${shop.text}`);
  });

  it("keeps a signature that the person has rewritten", () => {
    const draft = { ...newMail(inbox, "en"), html: "<p>Hello</p><p>Emma</p>", text: "Hello\nEmma" };
    expect(resigned(draft, shop, care)).toBeNull();
    expect(resigned(draft, shop, shop)).toBeNull();
  });

  it("is signed in plain text, too", () => {
    const draft = { ...newMail(inbox, "en"), plain: true, text: `Hello\n${shop.text}\n` };
    expect(resigned(draft, shop, care)?.text).toBe(`Hello\n${care.text}`);
  });

  it("names the variables that nobody has filled in", () => {
    const draft = { ...newMail(inbox, "en"), subject: "Order {values.order}" };
    expect(unfilled({ ...draft, text: "Dear {end_customer.name}, {values.order} {this} {date}" })).toEqual([
      "{values.order}",
      "{end_customer.name}",
      "{date}",
    ]);
  });
});
