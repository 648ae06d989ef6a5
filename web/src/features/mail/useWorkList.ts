import { useCallback, useEffect, useRef, useState } from "react";
import type { WorkQuery } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import { useLive, useMyAgent, useServices } from "../../ui/services";
import { emptyList, type WorkList, withChanges, withHead, withNextPage } from "./work-list";

const pageSize = 200;
const readAgainEvery = 15_000;

/** The list for a query: pages as they are scrolled to, changes as the live view tells them, all read again now and then. */
export function useWorkList(query: WorkQuery) {
  const { api, live } = useServices();
  const me = useMyAgent()?.id ?? "";
  const changed = useLive((state) => state.rows.work);
  const [list, setList] = useState<WorkList>(emptyList);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const [asOf, setAsOf] = useState<string | null>(null);
  const run = useRef<AbortController | null>(null);
  const wanted = JSON.stringify(query);

  const read = useCallback(
    async (kind: "first" | "head" | "next", cursor?: string) => {
      if (kind !== "first" && run.current) return; // one reading at a time; a new query ends the one before
      run.current?.abort();
      const stop = new AbortController();
      run.current = stop;
      if (kind !== "head") setBusy(true);
      try {
        const asked = JSON.parse(wanted) as WorkQuery;
        const page = await api.mail.work(
          { ...asked, limit: pageSize, ...(cursor ? { cursor } : {}) },
          stop.signal,
        );
        if (stop.signal.aborted) return;
        setError(null);
        setAsOf(page.now);
        setList((before) =>
          kind === "first"
            ? withNextPage(emptyList, page)
            : kind === "next"
              ? withNextPage(before, page)
              : withHead(before, page),
        );
      } catch (reason) {
        if (!stop.signal.aborted && reason instanceof Problem) setError(reason);
      } finally {
        if (run.current === stop) {
          run.current = null;
          setBusy(false);
        }
      }
    },
    [api, wanted],
  );

  // First the changes, then the list: nothing happens unheard in between.
  useEffect(() => live.follow("work"), [live]);
  useEffect(() => {
    void read("first");
    const timer = setInterval(() => void read("head"), readAgainEvery);
    return () => {
      clearInterval(timer);
      run.current?.abort();
      run.current = null;
    };
  }, [read]);

  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    setList((before) => {
      const { list: after, unknown } = withChanges(before, changed, JSON.parse(wanted), me);
      if (unknown) again = setTimeout(() => void read("head"), 300);
      return after;
    });
    return () => clearTimeout(again);
  }, [changed, wanted, me, read]);

  const more = useCallback(() => {
    if (list.next) void read("next", list.next);
  }, [list.next, read]);
  const again = useCallback(() => void read("head"), [read]);
  return { list, error, busy, asOf, more, again };
}
