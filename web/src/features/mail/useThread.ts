import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLive, useServices } from "../../ui/services";

export const threadKey = (id: number) => ["mail", "thread", id] as const;

/** The thread of a contact, read again when the live view says that something in it changed. */
export function useThread(id: number) {
  const { api } = useServices();
  const queries = useQueryClient();
  const { mine, row } = useLive(({ rows }) => ({ mine: rows.me[`contact:${id}`], row: rows.work[id] }));
  const thread = useQuery({
    queryKey: threadKey(id),
    queryFn: () => api.mail.thread(id),
    refetchInterval: 10_000,
  });
  const seen = useRef(false);
  useEffect(() => {
    if (mine || row) {
      if (seen.current) void queries.invalidateQueries({ queryKey: threadKey(id) });
      seen.current = true;
    }
  }, [mine, row, id, queries]);
  return thread;
}
