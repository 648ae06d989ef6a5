/**
 * The list of mails as pages and changes folded together, without I/O.
 *
 * A row that no longer fits the filters stays where it is, marked, until the list is next read: nothing jumps away
 * under the pointer, and the person sees who took it.
 */
import type { WorkItem, WorkPage, WorkQuery, WorkState } from "../../client/mail-shapes";

export type Row = WorkItem & { gone?: boolean };
export type WorkList = { rows: Row[]; next: string | null; total: number; pages: number };

export const emptyList: WorkList = { rows: [], next: null, total: 0, pages: 0 };

function unique(rows: Row[]): Row[] {
  const seen = new Set<number>();
  return rows.filter((row) => !seen.has(row.contact_id) && seen.add(row.contact_id));
}

export function withNextPage(list: WorkList, page: WorkPage): WorkList {
  return {
    rows: unique([...list.rows, ...page.items]),
    next: page.next,
    total: page.total,
    pages: list.pages + 1,
  };
}

/** The first page read again. Behind it the pages already read stay, without what has moved to the front. */
export function withHead(list: WorkList, page: WorkPage): WorkList {
  if (list.pages <= 1) return { rows: page.items, next: page.next, total: page.total, pages: 1 };
  const fresh = new Map(page.items.map((item) => [item.contact_id, item]));
  const behind = list.rows.slice(page.items.length).filter((row) => !fresh.has(row.contact_id) && !row.gone);
  return { ...list, rows: [...page.items, ...behind], total: page.total };
}

export function fits(item: WorkItem, query: WorkQuery, me: string): boolean {
  const states = query.state ? (query.state.split(",") as WorkState[]) : null;
  return (
    item.channel === "email" &&
    (!states || states.includes(item.state)) &&
    (!query.queue || item.queue?.id === query.queue) &&
    (!query.tag || item.tags.includes(query.tag)) &&
    (!query.language || item.language === query.language) &&
    (!query.mine || item.agent?.id === me)
  );
}

/** Rows told by the live view put in their places. `unknown`: something that should be in the list is not yet. */
export function withChanges(
  list: WorkList,
  changed: Record<string, WorkItem>,
  query: WorkQuery,
  me: string,
): { list: WorkList; unknown: boolean } {
  let touched = false;
  const known = new Set<number>();
  const rows = list.rows.map((row) => {
    const now = changed[row.contact_id];
    known.add(row.contact_id);
    if (!now) return row;
    const after: Row = { ...row, ...now };
    if (fits(now, query, me)) delete after.gone;
    else after.gone = true;
    if (JSON.stringify(after) === JSON.stringify(row)) return row;
    touched = true;
    return after;
  });
  const unknown = Object.values(changed).some(
    (item) => !known.has(item.contact_id) && !query.q && fits(item, query, me),
  );
  return { list: touched ? { ...list, rows } : list, unknown };
}

/** The mail to open after `current`: the next one that nobody holds, then from the top again. */
export function nextFree(rows: Row[], current: number | null): Row | null {
  const at = rows.findIndex((row) => row.contact_id === current);
  const order = [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))];
  return order.find((row) => row.state === "waiting" && !row.agent && row.contact_id !== current) ?? null;
}
