import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Thread } from "../../client/mail-shapes";
import { isTypingTarget } from "../../lib/shortcuts";
import { initials } from "../../lib/text";
import { IconBulb, IconX } from "../../ui/icons";
import { usePreference, useServices } from "../../ui/services";
import { languageOf } from "./compose";
import classes from "./side.module.css";
import { useText } from "./text";
import { useThread } from "./useThread";

type Props = { id: number; onClose: () => void; onOpen: (id: number) => void };

/** Who writes, what was before, what colleagues noted, and what could be answered. */
export function SidePane({ id, onClose, onOpen }: Props) {
  const { t } = useText();
  const { data } = useThread(id);
  return (
    <aside className={`${classes.side} scroll`} aria-label={t("side.title")}>
      <header className={classes.head}>
        <h2>{t("side.title")}</h2>
        <button type="button" className={classes.close} aria-label={t("side.hide")} onClick={onClose}>
          <IconX size={15} aria-hidden />
        </button>
      </header>
      {data ? (
        <>
          <Who thread={data} />
          {data.can.includes("answer") ? <Suggestions thread={data} /> : null}
          <Notes thread={data} />
          <Earlier thread={data} onOpen={onOpen} />
        </>
      ) : null}
    </aside>
  );
}

function Who({ thread }: { thread: Thread }) {
  const { contact } = thread;
  const { t, instant, languageName } = useText();
  const name = contact.remote_name || contact.remote;
  const lines = [
    [t("side.arrived"), instant(contact.arrived_at)],
    [t("side.address"), contact.entry_point?.name ?? ""],
    [t("side.queue"), contact.queue?.name ?? ""],
    [t("list.language"), languageName(languageOf(thread))],
    ...Object.entries(contact.values ?? {}).filter(([key]) => !key.startsWith("mail.")),
  ].filter(([, value]) => value);
  return (
    <section>
      <div className={classes.who}>
        <span className={classes.face} aria-hidden>
          {initials(name)}
        </span>
        <div>
          <b>{name}</b>
          <span>{contact.remote}</span>
        </div>
      </div>
      <dl className={classes.lines}>
        {lines.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The three that fit best. 1, 2, 3 put them in; Alt with them while one is writing. */
function Suggestions({ thread }: { thread: Thread }) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const off = usePreference((state) => state.shortcuts.off);
  const { contact, mails } = thread;
  const newest = mails.at(-1)?.id ?? 0;
  const language = languageOf(thread);
  const found = useQuery({
    queryKey: ["mail", "suggestions", contact.contact_id, language, newest],
    queryFn: () => api.mail.suggestions(contact.contact_id, language),
    staleTime: 60_000,
    retry: 1,
  });
  const items = (found.data?.items ?? []).slice(0, 3);
  useEffect(() => {
    if (off) return;
    const onKey = (event: KeyboardEvent) => {
      const digit = /^(?:Digit|Numpad)([123])$/.exec(event.code)?.[1];
      if (!digit || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      if (isTypingTarget(event.target) ? !event.altKey : event.altKey) return;
      if (event.target instanceof Element && event.target.closest("[role=dialog],[role=menu]")) return;
      const chosen = items[Number(digit) - 1];
      if (!chosen || !mailDesk.insert.current) return;
      event.preventDefault();
      mailDesk.insert.current(chosen.answer_id);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [items, off, mailDesk]);
  if (found.error) return null; // the product runs without them
  return (
    <section>
      <h3>
        <IconBulb size={14} aria-hidden /> {t("side.suggestions")}
      </h3>
      {found.isPending ? <Loader size="xs" /> : null}
      {found.data && items.length === 0 ? <p className={classes.faint}>{t("side.no_suggestions")}</p> : null}
      <ul className={classes.suggestions}>
        {items.map((each, i) => (
          <li key={each.answer_id}>
            <button
              type="button"
              title={t("side.insert", { title: each.title })}
              onClick={() => mailDesk.insert.current?.(each.answer_id)}
            >
              <span className={classes.suggestionTop}>
                <b>{each.title}</b>
                {off ? null : <kbd aria-hidden>{i + 1}</kbd>}
              </span>
              {each.beginning ? <small>{each.beginning}</small> : null}
              <span className={classes.fit} data-fit={each.fit}>
                {t(`side.fit_${each.fit}`)}
                {each.language && each.language !== language ? ` · ${each.language.toUpperCase()}` : ""}
                {each.missing.length > 0
                  ? ` · ${t("compose.canned_missing", { names: each.missing.join(", ") })}`
                  : ""}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Notes({ thread }: { thread: Thread }) {
  const { t, instant } = useText();
  return (
    <section>
      <h3>{t("side.notes")}</h3>
      {thread.notes.length === 0 ? <p className={classes.faint}>{t("side.no_notes")}</p> : null}
      {thread.notes.map((note) => (
        <div key={`${note.at}${note.text}`} className={classes.note}>
          <p>{note.text}</p>
          <small>
            {note.agent ? `${note.agent.name} · ` : ""}
            {instant(note.at)}
          </small>
        </div>
      ))}
    </section>
  );
}

function Earlier({ thread, onOpen }: { thread: Thread; onOpen: (id: number) => void }) {
  const { t, common, i18n, instant } = useText();
  const { api, requests } = useServices();
  const { remote, contact_id } = thread.contact;
  const earlier = useQuery({
    queryKey: ["mail", "earlier", remote],
    queryFn: () => api.mail.earlier(remote),
    enabled: remote !== "",
    staleTime: 60_000,
  });
  const rows = (earlier.data?.items ?? []).filter((each) => each.contact_id !== contact_id);
  return (
    <section>
      <h3>{t("side.earlier")}</h3>
      {earlier.data && rows.length === 0 ? <p className={classes.faint}>{t("side.no_earlier")}</p> : null}
      <ul className={classes.earlier}>
        {rows.map((each) => (
          <li key={each.contact_id}>
            <button
              type="button"
              onClick={() =>
                each.channel === "email"
                  ? onOpen(each.contact_id)
                  : requests.ask("open_contact", { contactId: each.contact_id })
              }
            >
              <span>{each.subject || each.queue?.name || common(`seat.${each.channel as "email"}`)}</span>
              <small>
                {instant(each.arrived_at)}
                {i18n.exists(`outcome.${each.outcome || "live"}`)
                  ? ` · ${common(`outcome.${(each.outcome || "live") as "live"}`)}`
                  : ""}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
