import { describe, expect, it } from "vitest";
import type { WorkItem } from "../../client/mail-shapes";
import { emptyList, fits, nextFree, withChanges, withHead, withNextPage } from "./work-list";

const item = (contact_id: number, more: Partial<WorkItem> = {}): WorkItem => ({
  contact_id,
  thread_id: contact_id,
  channel: "email",
  state: "waiting",
  seq: 10,
  direction: "inbound",
  space: null,
  waiting_since: null,
  first_answer_at: null,
  gone: false,
  ended_at: null,
  closing_reason: null,
  queue: { id: "mail", name: "Mail" },
  agent: null,
  entry_point: null,
  remote: "joan@smith.example",
  remote_name: "Joan Smith",
  subject: "Order",
  arrived_at: "2026-11-24T12:00:00Z",
  last_mail_at: null,
  due_at: null,
  parked_until: null,
  priority: 0,
  tags: [],
  language: "en",
  mails: 1,
  ...more,
});
const page = (ids: number[], next: string | null = null, total = ids.length) => ({
  items: ids.map((id) => item(id)),
  next,
  total,
  total_is: "exact" as const,
  as_of: 10,
  now: "",
});
const ids = (list: { rows: { contact_id: number }[] }) => list.rows.map((row) => row.contact_id);
const waiting = { states: ["waiting" as const] };

describe("the list of mails", () => {
  it("adds pages without doubling what moved between two readings", () => {
    const first = withNextPage(emptyList, page([1, 2, 3], "a", 5));
    const second = withNextPage(first, page([3, 4, 5], null, 5));
    expect(ids(second)).toEqual([1, 2, 3, 4, 5]);
    expect(second.next).toBeNull();
  });

  it("takes the first page read again as it is, and keeps the pages behind it", () => {
    const one = withNextPage(emptyList, page([1, 2, 3], "a", 6));
    expect(ids(withHead(one, page([9, 1, 2], "a", 7)))).toEqual([9, 1, 2]);
    const two = withNextPage(one, page([4, 5, 6], null, 6));
    const again = withHead(two, page([9, 1, 2], "a", 7));
    expect(ids(again)).toEqual([9, 1, 2, 4, 5, 6]);
    expect(again.next).toBeNull();
  });

  it("marks a row that somebody took and leaves it in its place", () => {
    const list = withNextPage(emptyList, page([1, 2, 3]));
    const taken = item(2, { seq: 11, state: "in_contact", agent: { id: "lea", name: "Léa" } });
    const { list: after, unknown } = withChanges(list, { 2: taken }, waiting, "amelie");
    expect(ids(after)).toEqual([1, 2, 3]);
    expect(after.rows[1]).toMatchObject({ left: true, agent: { id: "lea" } });
    expect(unknown).toBe(false);
    expect(after.rows[0]).toBe(list.rows[0]);
    const back = withChanges(after, { 2: item(2, { seq: 12 }) }, waiting, "amelie").list;
    expect(back.rows[1]).toEqual(item(2, { seq: 12 }));
    const hidden = withChanges(back, { 2: { contact_id: 2, seq: 13, gone: true } }, waiting, "amelie").list;
    expect(hidden.rows[1]).toMatchObject({ left: true, subject: "Order" });
  });

  it("says when something new belongs in the list, and is the same list when nothing changed", () => {
    const list = withNextPage(emptyList, page([1]));
    expect(withChanges(list, { 7: item(7, { seq: 11 }) }, waiting, "amelie").unknown).toBe(true);
    expect(withChanges(list, { 7: item(7, { seq: 11, state: "closed" }) }, waiting, "amelie").unknown).toBe(
      false,
    );
    // What the list is as new as already is no news.
    const stale = { 1: item(1, { state: "closed" }), 8: item(8) };
    expect(withChanges(list, stale, waiting, "amelie")).toEqual({ list, unknown: false });
  });

  it("filters as the server does", () => {
    const mine = item(1, { agent: { id: "amelie", name: "Amélie" }, tags: ["VIP"], state: "parked" });
    expect(
      fits(mine, { mine: true, states: ["parked", "in_contact"], tag: "VIP", language: "en" }, "amelie"),
    ).toBe(true);
    expect(fits(mine, { mine: true }, "lea")).toBe(false);
    expect(fits(mine, { queue: "other" }, "amelie")).toBe(false);
    expect(fits(item(1, { channel: "chat" }), {}, "amelie")).toBe(false);
    expect(fits(mine, { agent: "amelie" }, "lea")).toBe(true);
    expect(fits(mine, { agent: "lea" }, "lea")).toBe(false);
    const closed = item(2, { state: "closed" });
    expect(fits(closed, { states: ["waiting"] }, "amelie")).toBe(false);
    expect(fits(closed, { closed: true, states: ["waiting"] }, "amelie")).toBe(true);
    expect(fits(mine, { closed: true }, "amelie")).toBe(false);
  });

  it("goes on to the next mail that nobody holds, around the end", () => {
    const held = { agent: { id: "lea", name: "Léa" }, state: "in_contact" as const };
    const rows = [item(1), item(2, held), item(3), item(4, held)];
    expect(nextFree(rows, 1)?.contact_id).toBe(3);
    expect(nextFree(rows, 3)?.contact_id).toBe(1);
    expect(nextFree(rows, 99)?.contact_id).toBe(1);
    expect(nextFree([item(2, held)], 2)).toBeNull();
  });
});
