/**
 * How a desktop in the background is noticed: the tab's title says what is offered, a sound is heard, both as the person
 * likes. Offers come only to who is Ready, so that withdrawing is "do not disturb"; a call in progress is never sounded into.
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ownViews } from "../client/mail-desk";
import { contactAtHand, type MyContact, myContacts } from "../realtime/rows";
import { Chime } from "../softphone/chime";
import { useDesktop, useLive, usePreference, useServices } from "../ui/services";

const counted = 30_000;
const chime = new Chime();

/** What is offered now: a call before what is written, what was offered first before the others. */
function offered(contacts: MyContact[]): MyContact | null {
  const open = contacts.filter((each) => each.phase === "reserved");
  open.sort(
    (a, b) =>
      Number(b.channel === "voice") - Number(a.channel === "voice") ||
      (a.offered_at ?? a.since).localeCompare(b.offered_at ?? b.since),
  );
  return open[0] ?? null;
}

export function useTabTitle() {
  const { t } = useTranslation();
  const offer = useLive(({ rows }) => offered(myContacts(rows.me)));
  const waiting = useWaitingMails();
  useEffect(() => {
    const name = offer?.remote_name || offer?.remote;
    if (!offer) document.title = waiting > 0 ? `(${waiting}) ${t("app.name")}` : t("app.name");
    else if (offer.channel === "voice")
      document.title = `☎ ${t("call.incoming")} · ${name || t("call.unknown")}`;
    else {
      const [mark, what] = offer.channel === "email" ? ["✉", t("offered.mail")] : ["💬", t("offered.chat")];
      document.title = `${mark} ${what} · ${name || t("offered.unknown")}`;
    }
  }, [offer, waiting, t]);
}

/** One sound for each mail or chat that is offered; calls have their ring. */
export function useOfferSound() {
  const { live } = useServices();
  const sound = usePreference((state) => state.alerts.sound);
  const wanted = useRef(sound);
  wanted.current = sound;
  useEffect(() => {
    let heard = new Set<number>();
    const talking = () => contactAtHand(live.store.getState().rows.me) !== null;
    const listen = () => {
      const now = myContacts(live.store.getState().rows.me).filter(
        (each) => each.phase === "reserved" && each.channel !== "voice",
      );
      if (now.some((each) => !heard.has(each.contact_id)))
        void chime.play(() => wanted.current && !talking());
      heard = new Set(now.map((each) => each.contact_id));
    };
    listen();
    return live.store.subscribe(listen);
  }, [live]);
}

/** The mails that wait in the list of who pulls; 0 while it is not wanted. */
function useWaitingMails(): number {
  const { api } = useServices();
  const count = usePreference((state) => state.alerts.count);
  const pulls = useDesktop()?.mail?.mode === "pull";
  const { data } = useQuery({
    queryKey: ["mail", "waiting"],
    queryFn: () => api.mail.work({ ...ownViews.todo, limit: 1 }),
    enabled: count && pulls,
    refetchInterval: counted,
    refetchIntervalInBackground: true,
  });
  return count && pulls ? (data?.total ?? 0) : 0;
}
