import { Button, Drawer, Loader, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContactRow } from "../../client/shapes";
import { clockFace } from "../../lib/duration";
import { readableNumber } from "../../lib/text";
import { IconHelpCircle, IconPhone, IconSearch } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useDesktop, useLiveHere, useMyAgent, useServices } from "../../ui/services";
import { ContactPanel, type PanelSlots } from "./ContactPanel";
import classes from "./contacts.module.css";
import { channelMark } from "./marks";
import { Outcome } from "./Outcome";
import { anyFilter, type Filters, instantOf, noFilters, SearchFilters } from "./SearchFilters";
import { SearchResults } from "./SearchResults";
import { useInstant } from "./useInstant";

type Props = {
  open: number | null;
  /** What is looked for when the page opens (from the palette). */
  asked: string;
  onOpen: (contactId: number | null) => void;
  /** null: this seat has no telephone. */
  onCall: ((number: string) => void) | null;
} & PanelSlots;

/** The history: every contact once, newest first; with words or filters the search over all that was said. */
export function ContactsPage({ open, asked, onOpen, onCall, said, onMail }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(asked);
  useLiveHere("colleagues", "queues");
  const isAgent = useDesktop()?.agent !== null;
  const [mine, setMine] = useState(isAgent);
  const [filters, setFilters] = useState(noFilters);
  useEffect(() => setText(asked), [asked]);
  const [q] = useDebouncedValue(text.trim(), 120);
  const searching = q !== "" || anyFilter(filters);
  const [fetching, setFetching] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  return (
    <div className={classes.page} ref={page}>
      <header className={classes.head}>
        <h1>{t("contacts.title")}</h1>
        <TextInput
          className={classes.search}
          aria-label={t("search.words")}
          placeholder={t("search.words")}
          leftSection={<IconSearch size={15} aria-hidden />}
          rightSection={fetching ? <Loader size={14} aria-label={t("app.loading")} /> : null}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              page.current?.querySelector<HTMLElement>("[data-result]")?.focus();
            } else if (event.key === "Escape" && text) setText("");
          }}
        />
        <SearchFilters value={filters} onChange={setFilters} />
        {isAgent ? (
          <Switch
            label={t("contacts.mine")}
            checked={mine}
            onChange={(event) => setMine(event.currentTarget.checked)}
          />
        ) : null}
      </header>
      {searching ? (
        <Found q={q} filters={filters} mine={mine} onFetching={setFetching} onOpen={onOpen} />
      ) : (
        <History mine={mine} onFetching={setFetching} onOpen={onOpen} onCall={onCall} />
      )}
      <Drawer
        opened={open !== null}
        onClose={() => onOpen(null)}
        position="right"
        size="min(620px, 100%)"
        title={open === null ? "" : t("contacts.id", { id: open })}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {open === null ? null : (
          <ContactPanel key={open} contactId={open} said={said} onMail={onMail} onOpen={onOpen} />
        )}
      </Drawer>
    </div>
  );
}

type PartProps = { mine: boolean; onFetching: (fetching: boolean) => void };

/** Every contact, newest first. */
function History({ mine, onFetching, onOpen, onCall }: PartProps & Pick<Props, "onOpen" | "onCall">) {
  const { t } = useTranslation();
  const { api } = useServices();
  const query = useInfiniteQuery({
    queryKey: ["contacts", "list", mine],
    queryFn: ({ pageParam, signal }) =>
      api.contacts({ cursor: pageParam ?? undefined, limit: 100, mine }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: 20_000,
  });
  useEffect(() => onFetching(query.isFetching), [query.isFetching, onFetching]);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Trouble error={query.error} />
      <Rows rows={rows} onOpen={onOpen} onCall={onCall} />
      {rows.length === 0 && !query.isPending && !query.error ? (
        <p className={classes.faint}>{t("contacts.none")}</p>
      ) : null}
      {query.hasNextPage ? (
        <Button
          className={classes.more}
          variant="default"
          m={12}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("contacts.more")}
        </Button>
      ) : null}
    </>
  );
}

type FoundProps = PartProps & { q: string; filters: Filters } & Pick<Props, "onOpen">;

/** What the search finds. */
function Found({ q, filters, mine, onFetching, onOpen }: FoundProps) {
  const { t } = useTranslation();
  const { api } = useServices();
  const me = useMyAgent()?.id ?? "";
  const agent = filters.agent || (mine ? me : "");
  const query = useInfiniteQuery({
    queryKey: ["contacts", "search", q, filters, agent],
    queryFn: ({ pageParam, signal }) =>
      api.search(
        {
          q,
          ...(filters.channel ? { channel: filters.channel as "voice" } : {}),
          ...(agent ? { agent } : {}),
          from: instantOf(filters.from),
          to: instantOf(filters.to, 1),
          cursor: pageParam ?? undefined,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  useEffect(() => onFetching(query.isFetching), [query.isFetching, onFetching]);
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Trouble error={query.error} />
      <p className="visually-hidden" role="status">
        {query.isPending ? "" : t("search.number", { count: found.length })}
      </p>
      {found.length > 0 ? (
        <SearchResults
          found={found}
          more={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          onOpen={onOpen}
        />
      ) : null}
      {found.length === 0 && !query.isPending && !query.error ? (
        <p className={classes.faint}>
          {t("search.nothing")} {mine ? t("search.nothing_mine") : t("search.nothing_hint")}
        </p>
      ) : null}
    </>
  );
}

function Trouble({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  return error ? (
    <p role="alert" className={classes.error}>
      {sentenceOf(error, t)}
    </p>
  ) : null;
}

const rowHeight = 44;

/** Over a hundred rows only those in sight are there. */
function Rows({ rows, onOpen, onCall }: { rows: ContactRow[] } & Pick<Props, "onOpen" | "onCall">) {
  const { t } = useTranslation();
  const instant = useInstant();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={box}
      className={`${classes.rows} scroll`}
      aria-label={t("contacts.title")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
      tabIndex={0}
    >
      <table className={classes.table} aria-rowcount={rows.length}>
        <thead>
          <tr>
            <th scope="col">{t("contacts.when")}</th>
            <th scope="col">{t("contacts.who")}</th>
            <th scope="col" className={classes.wide}>
              {t("contacts.queue")}
            </th>
            <th scope="col" className={classes.wide}>
              {t("contacts.agent")}
            </th>
            <th scope="col" className={classes.number}>
              {t("contacts.waited")}
            </th>
            <th scope="col" className={classes.number}>
              {t("contacts.talked")}
            </th>
            <th scope="col">{t("contacts.outcome")}</th>
            <th scope="col" className={classes.wide}>
              {t("contacts.reason")}
            </th>
            <th>
              <span className="visually-hidden">{t("contacts.why")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 ? <tr style={{ height: above }} aria-hidden /> : null}
          {items.map(({ index, key }) => {
            const row = rows[index];
            return row ? (
              <Line key={key} row={row} when={instant(row.arrived_at)} onOpen={onOpen} onCall={onCall} />
            ) : null;
          })}
          {below > 0 ? <tr style={{ height: below }} aria-hidden /> : null}
        </tbody>
      </table>
    </section>
  );
}

type LineProps = { row: ContactRow; when: string } & Pick<Props, "onOpen" | "onCall">;

function Line({ row, when, onOpen, onCall }: LineProps) {
  const { t } = useTranslation();
  const [Mark, what] = channelMark(row, t);
  const number = readableNumber(row.remote);
  return (
    <tr>
      <td className={classes.when}>{when}</td>
      <th scope="row" className={classes.who}>
        <span>
          <Mark size={15} aria-label={what} />
          <button type="button" className={classes.open} onClick={() => onOpen(row.contact_id)}>
            {row.remote_name || number || "–"}
          </button>
          {row.remote_name ? <small>{number}</small> : null}
        </span>
      </th>
      <td className={classes.wide}>{row.queue?.name ?? "–"}</td>
      <td className={classes.wide}>{row.agent?.name ?? "–"}</td>
      <td className={classes.number}>{row.waited_seconds === null ? "–" : clockFace(row.waited_seconds)}</td>
      <td className={classes.number}>{row.talked_seconds === null ? "–" : clockFace(row.talked_seconds)}</td>
      <td>
        <Outcome outcome={row.outcome} />
      </td>
      <td className={classes.wide}>{row.closing_reason?.name ?? "–"}</td>
      <td className={classes.acts}>
        {onCall && row.channel === "voice" && row.remote ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-label={t("contacts.call_back", { number })}
            onClick={() => onCall(row.remote)}
          >
            <IconPhone size={15} aria-hidden />
          </Button>
        ) : null}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconHelpCircle size={15} aria-hidden />}
          aria-label={t("contacts.why_of", { id: row.contact_id })}
          onClick={() => onOpen(row.contact_id)}
        >
          {t("contacts.why")}
        </Button>
      </td>
    </tr>
  );
}
