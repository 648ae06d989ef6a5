import { Button, Drawer, Loader, Switch, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContactRow } from "../../client/shapes";
import { clockFace } from "../../lib/duration";
import { readableNumber } from "../../lib/text";
import { IconHelpCircle, IconPhone, IconPhoneIncoming, IconPhoneOutgoing, IconSearch } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import classes from "./contacts.module.css";
import { Outcome } from "./Outcome";
import { useInstant } from "./useInstant";
import { Why } from "./Why";

type Props = {
  open: number | null;
  onOpen: (contactId: number | null) => void;
  onCall: (number: string) => void;
};

/** The history: every contact once, newest first; each opens to "why?". */
export function ContactsPage({ open, onOpen, onCall }: Props) {
  const { t } = useTranslation();
  const { api } = useServices();
  const [text, setText] = useState("");
  const [mine, setMine] = useState(true);
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery({
    queryKey: ["contacts", "list", q, mine],
    queryFn: ({ pageParam, signal }) =>
      api.contacts({ cursor: pageParam ?? undefined, limit: 100, q, mine }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: 20_000,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t("contacts.title")}</h1>
        <TextInput
          className={classes.search}
          aria-label={t("contacts.search")}
          placeholder={t("contacts.search")}
          leftSection={<IconSearch size={15} aria-hidden />}
          rightSection={query.isFetching ? <Loader size={14} aria-label={t("app.loading")} /> : null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label={t("contacts.mine")}
          checked={mine}
          onChange={(event) => setMine(event.currentTarget.checked)}
        />
      </header>
      {query.error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(query.error, t)}
        </p>
      ) : null}
      <Rows rows={rows} onOpen={onOpen} onCall={onCall} />
      {rows.length === 0 && !query.isPending ? <p className={classes.faint}>{t("contacts.none")}</p> : null}
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
      <Drawer
        opened={open !== null}
        onClose={() => onOpen(null)}
        position="right"
        size="min(620px, 100%)"
        title={open === null ? "" : t("contacts.why_of", { id: open })}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {open === null ? null : (
          <Opened contactId={open} known={rows.find((row) => row.contact_id === open) ?? null} />
        )}
      </Drawer>
    </div>
  );
}

function Opened({ contactId, known }: { contactId: number; known: ContactRow | null }) {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["contact", contactId],
    queryFn: () => api.contact(contactId),
  });
  return <Why contactId={contactId} contact={data?.contact ?? known} />;
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
  const Mark = row.direction === "inbound" ? IconPhoneIncoming : IconPhoneOutgoing;
  const number = readableNumber(row.remote);
  return (
    <tr>
      <td className={classes.when}>{when}</td>
      <th scope="row" className={classes.who}>
        <Mark size={15} aria-label={t(`contacts.${row.direction}`)} />
        <button type="button" className={classes.open} onClick={() => onOpen(row.contact_id)}>
          {row.remote_name || number || "–"}
        </button>
        {row.remote_name ? <small>{number}</small> : null}
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
        {row.remote ? (
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
