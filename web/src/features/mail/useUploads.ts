import { useCallback, useEffect, useRef, useState } from "react";
import type { KeptFile } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useDesktop, useServices } from "../../ui/services";
import { useText } from "./text";

export type Upload = { id: number; file: File; part: number; failed: boolean };
const usualLimit = 25;

/** Files on their way to the server, with how far they are. Those too large never leave. */
export function useUploads(onKept: (file: KeptFile) => void) {
  const { t, common } = useText();
  const { api } = useServices();
  const limit = useDesktop()?.mail?.upload_limit_mb ?? usualLimit;
  const [uploads, setUploads] = useState<Upload[]>([]);
  const number = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
    };
  }, []);

  const send = useCallback(
    async (file: File, id = ++number.current): Promise<KeptFile | null> => {
      if (file.size > limit * 1_000_000) {
        void notice("red", t("compose.too_large", { name: file.name, limit }));
        return null;
      }
      const stop = new AbortController();
      stops.current.set(id, stop);
      const change = (patch: Partial<Upload>) =>
        setUploads((before) => before.map((each) => (each.id === id ? { ...each, ...patch } : each)));
      setUploads((before) => [
        ...before.filter((each) => each.id !== id),
        { id, file, part: 0, failed: false },
      ]);
      try {
        const kept = await api.mail.upload(file, (part) => change({ part }), stop.signal);
        setUploads((before) => before.filter((each) => each.id !== id));
        return kept;
      } catch (error) {
        if (stop.signal.aborted) setUploads((before) => before.filter((each) => each.id !== id));
        else {
          change({ failed: true });
          const why = error instanceof Problem ? sentenceOf(error, common) : "";
          void notice("red", `${t("compose.upload_failed", { name: file.name })} ${why}`);
        }
        return null;
      } finally {
        stops.current.delete(id);
      }
    },
    [api, limit, t, common],
  );
  const attach = useCallback(
    async (files: File[]) => {
      for (const file of files) {
        const kept = await send(file);
        if (kept) onKept(kept);
      }
    },
    [send, onKept],
  );
  const drop = useCallback((id: number) => {
    stops.current.get(id)?.abort();
    setUploads((before) => before.filter((each) => each.id !== id));
  }, []);
  const again = useCallback(
    async (upload: Upload) => {
      const kept = await send(upload.file, upload.id);
      if (kept) onKept(kept);
    },
    [send, onKept],
  );
  return { uploads, attach, send, drop, again };
}
