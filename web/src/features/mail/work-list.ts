/**
 * The list of mails as pages and changes folded together, without I/O.
 *
 * A row that no longer fits the filters stays where it is, marked, until the list is next read: nothing jumps away
 * under the pointer, and the person sees who took it.
 */
import type { WorkGone, WorkItem, WorkPage, WorkQuery } from "../../client/mail-shapes";

/** `left`: it no longer fits the filters, or is no longer for these eyes. */
export type Row = WorkItem & { left?: boolean };
/** `asOf`: the event that the list is as new as; only a change with a higher number is news. */
export type WorkList = {
  rows: Row[];
  next: string | null;
  total: number;
  estimate: boolean;
  pages: number;
  asOf: number;
};

export const emptyList: WorkList = { rows: [], next: null, total: 0, estimate: false, pages: 0, asOf: 0 };

function unique(rows: Row[]): Row[] {
  const seen = new Set<number>();
  return rows.filter((row) => !seen.has(row.contact_id) && seen.add(row.contact_id));
}

const told = (page: WorkPage) => ({ total: page.total, estimate: page.total_is === "estimate" });

/** The further page may be newer than what was read before it: what the live view says in between is not lost. */
export function withNextPage(list: WorkList, page: WorkPage): WorkList {
  return {
    ...told(page),
    rows: unique([...list.rows, ...page.items]),
    next: page.next,
    pages: list.pages + 1,
    asOf: list.pages === 0 ? page.as_of : list.asOf,
  };
}

/** The first page read again. Behind it the pages already read stay, without what has moved to the front. */
export function withHead(list: WorkList, page: WorkPage): WorkList {
  const { as_of: asOf, next } = page;
  if (list.pages <= 1) return { ...told(page), rows: page.items, next, pages: 1, asOf };
  const fresh = new Set(page.items.map((item) => item.contact_id));
  const behind = list.rows.slice(page.items.length).filter((row) => !fresh.has(row.contact_id) && !row.left);
  return { ...list, ...told(page), rows: [...page.items, ...behind] };
}

export function fits(item: WorkItem, query: WorkQuery, me: string): boolean {
  const { states = [] } = query;
  return (
    item.channel === "email" &&
    (item.state === "closed") === (query.closed ?? false) &&
    (query.closed || states.length === 0 || states.some((each) => each === item.state)) &&
    (!query.agent || item.agent?.id === query.agent) &&
    (!query.queue || item.queue?.id === query.queue) &&
    (!query.tag || item.tags.includes(query.tag)) &&
    (!query.language || item.language === query.language) &&
    (!query.mine || item.agent?.id === me)
  );
}

/** Rows told by the live view put in their places. `unknown`: something that should be in the list is not yet. */
export function withChanges(
  list: WorkList,
  changed: Record<string, WorkItem | WorkGone>,
  query: WorkQuery,
  me: string,
): { list: WorkList; unknown: boolean } {
  let touched = false;
  const known = new Set<number>();
  const rows = list.rows.map((row) => {
    known.add(row.contact_id);
    const now = changed[row.contact_id];
    if (!now || now.seq <= row.seq || now.seq <= list.asOf) return row;
    touched = true;
    if (!("state" in now)) return { ...row, seq: now.seq, left: true };
    const { left: _, ...after } = { ...row, ...now };
    return fits(now, query, me) ? after : { ...after, left: true };
  });
  const unknown = Object.values(changed).some(
    (item) =>
      "state" in item &&
      item.seq > list.asOf &&
      !known.has(item.contact_id) &&
      !query.q &&
      fits(item, query, me),
  );
  return { list: touched ? { ...list, rows } : list, unknown };
}

/** The mail to open after `current`: the next one that nobody holds, then from the top again. */
export function nextFree(rows: Row[], current: number | null): Row | null {
  const at = rows.findIndex((row) => row.contact_id === current);
  const order = [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))];
  return order.find((row) => row.state === "waiting" && !row.agent && row.contact_id !== current) ?? null;
}
