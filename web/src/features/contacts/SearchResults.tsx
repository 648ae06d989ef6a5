import { Button } from "@mantine/core";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FoundContact } from "../../client/shapes";
import { readableNumber } from "../../lib/text";
import { type Icon, IconMail, IconMessages, IconPhone } from "../../ui/icons";
import { Outcome } from "./Outcome";
import { Snippets } from "./Snippets";
import classes from "./search.module.css";
import { useInstant } from "./useInstant";

const marks: Record<string, Icon> = { voice: IconPhone, email: IconMail, chat: IconMessages };

type Props = {
  found: FoundContact[];
  more: boolean;
  loading: boolean;
  onMore: () => void;
  onOpen: (contactId: number) => void;
};

/** What the search has found, best first; arrows walk through it. */
export function SearchResults({ found, more, loading, onMore, onOpen }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);

  function walk(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-result]") ?? [])];
    const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <section className={`${classes.results} scroll`} aria-label={t("search.results")}>
      <ol ref={list} className={classes.list} onKeyDown={walk}>
        {found.map((each) => (
          <Result key={each.contact_id} found={each} onOpen={onOpen} />
        ))}
      </ol>
      {more ? (
        <Button variant="default" m={12} loading={loading} onClick={onMore}>
          {t("contacts.more")}
        </Button>
      ) : null}
    </section>
  );
}

function Result({ found, onOpen }: { found: FoundContact; onOpen: (contactId: number) => void }) {
  const { t } = useTranslation();
  const instant = useInstant();
  const Mark = marks[found.channel] ?? IconPhone;
  const remote = readableNumber(found.remote);
  return (
    <li className={classes.result}>
      <button type="button" data-result className={classes.open} onClick={() => onOpen(found.contact_id)}>
        <Mark size={16} aria-label={t(`search.channel.${found.channel}` as "search.channel.voice")} />
        <span className={classes.name}>
          {found.remote_name || remote || t("contacts.id", { id: found.contact_id })}
        </span>
        {found.remote_name && remote ? <span className={classes.remote}>{remote}</span> : null}
        {found.subject ? <span className={classes.subject}>{found.subject}</span> : null}
        <span className={classes.aside}>
          {found.agent?.name ?? found.queue?.name ?? ""}
          <time dateTime={found.arrived_at}>{instant(found.arrived_at)}</time>
          <Outcome outcome={found.outcome} />
        </span>
      </button>
      <Snippets snippets={found.snippets} />
    </li>
  );
}
