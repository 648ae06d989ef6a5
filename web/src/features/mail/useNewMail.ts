import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { DraftKeeper } from "../../client/draft-keeper";
import type { NewMailAtHand } from "../../client/mail-desk";
import type { Draft, OutgoingAddress } from "../../client/mail-shapes";
import { Problem } from "../../client/problem";
import { useServices } from "../../ui/services";
import { newMail } from "./compose";
import { useText } from "./text";

const draftsKey = ["mail", "new-drafts"] as const;

/** The person's drafts of new mails, also those that another window has begun. */
export function useNewDrafts(offered: boolean) {
  const { api } = useServices();
  const queries = useQueryClient();
  const drafts = useQuery({
    queryKey: draftsKey,
    queryFn: () => api.mail.newDrafts(),
    refetchInterval: 15_000,
    refetchOnWindowFocus: true,
    enabled: offered,
  });
  const again = useCallback(() => void queries.invalidateQueries({ queryKey: draftsKey }), [queries]);
  return { drafts, again };
}

/** Begins a new mail: it has its place on the server as soon as something is written. */
export function useBeginMail(inboxes: OutgoingAddress[]) {
  const { api, mailDesk } = useServices();
  const { i18n } = useText();
  return useCallback(() => {
    const id = crypto.randomUUID();
    keep(mailDesk.newMails, api, id, newMail(inboxes[0], i18n.language), null);
    return id;
  }, [api, mailDesk, inboxes, i18n]);
}

type Api = ReturnType<typeof useServices>["api"];

function keep(
  all: Map<string, NewMailAtHand>,
  api: Api,
  id: string,
  first: Draft,
  savedAt: string | null,
): NewMailAtHand {
  const at: NewMailAtHand = {
    id,
    keeper: new DraftKeeper(first, savedAt, {
      save: (draft) => api.mail.saveNewDraft(at.id, draft),
      load: () => api.mail.newDraft(at.id),
    }),
  };
  all.set(id, at);
  return at;
}

/** The new mail at hand, else the server's draft of it. `gone`: it was sent or thrown away. */
export function useNewMail(id: string) {
  const { api, mailDesk } = useServices();
  const [at, setAt] = useState(() => mailDesk.newMails.get(id) ?? null);
  const [failed, setFailed] = useState<"gone" | "away" | null>(null);
  const load = useCallback(async () => {
    setFailed(null);
    try {
      const { saved_at, saved_by: _, ...draft } = await api.mail.newDraft(id);
      setAt(mailDesk.newMails.get(id) ?? keep(mailDesk.newMails, api, id, draft, saved_at));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFailed(error.status === 404 ? "gone" : "away");
    }
  }, [api, mailDesk, id]);
  useEffect(() => {
    if (!mailDesk.newMails.has(id)) void load();
  }, [mailDesk, id, load]);
  // It takes its place in the list when it is saved for the first time.
  const queries = useQueryClient();
  useEffect(
    () =>
      at?.keeper.store.subscribe((now, before) => {
        if (now.draft.version === 1 && before.draft.version === 0)
          void queries.invalidateQueries({ queryKey: draftsKey });
      }),
    [at, queries],
  );
  // What was typed in the last two seconds is not lost when the mail or the whole page is left.
  useEffect(() => {
    const flush = () => void at?.keeper.flush();
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [at]);
  /** Goes on as another mail, because this one was sent or thrown away elsewhere. */
  const renew = useCallback(async () => {
    if (!at) return;
    if (at.keeper.store.getState().conflict?.version === 0) {
      mailDesk.newMails.delete(at.id);
      at.id = crypto.randomUUID();
      mailDesk.newMails.set(at.id, at);
    }
    await at.keeper.keepMine();
  }, [at, mailDesk]);
  return { at, failed, load, renew };
}
