import { Button, Loader, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import { firstQuery, ownViews } from "../../client/mail-desk";
import type { WorkQuery, WorkSort, WorkView } from "../../client/mail-shapes";
import { IconBookmark, IconFilter, IconSearch, IconTrash } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useLive, useMailDesk, useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./list.module.css";
import { MailRows } from "./MailRows";
import { useText } from "./text";
import type { useWorkList } from "./useWorkList";

const states = {
  waiting: ["waiting"],
  open: [],
  parked: ["parked"],
  validating: ["validating"],
} satisfies Record<string, WorkQuery["states"]>;
type StateName = keyof typeof states;
const sorts: WorkSort[] = ["due", "arrival", "newest", "last_mail", "priority"];
const lengths = [1, 7, 30, 90, 366];

type Props = {
  work: ReturnType<typeof useWorkList>;
  onOpen: (id: number) => void;
  onClaim: (id: number) => void;
};

/** The mails that one may take: filters, order, saved views, search, and the rows. */
export function MailList({ work, onOpen, onClaim }: Props) {
  const { t, common, instant } = useText();
  const { mailDesk } = useServices();
  const { query, open: opened } = useMailDesk((state) => ({ query: state.query, open: state.open }));
  const me = useMyAgent()?.id ?? "";
  const [filters, setFilters] = useState(false);
  const [typed, setTyped] = useState(query.q ?? "");
  const q = useDeferredValue(typed.trim());
  const { list, error, busy, asOf, more } = work;

  const change = (patch: WorkQuery) =>
    mailDesk.setState((before) => ({ query: { ...before.query, ...patch }, viewId: null }));
  useEffect(() => {
    if ((mailDesk.getState().query.q ?? "") === q) return;
    const timer = setTimeout(
      () => mailDesk.setState((before) => ({ query: { ...before.query, q }, viewId: before.viewId })),
      200,
    );
    return () => clearTimeout(timer);
  }, [q, mailDesk]);

  const narrowed = query.queue || query.language || query.tag || query.agent;
  return (
    <div className={classes.pane}>
      <Views query={query} />
      <div className={classes.filters}>
        <div className={classes.line}>
          <TextInput
            type="search"
            aria-label={t("list.search")}
            placeholder={t("list.search")}
            leftSection={<IconSearch size={15} aria-hidden />}
            rightSection={busy ? <Loader size={14} aria-label={common("app.loading")} /> : null}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button
            variant={narrowed ? "light" : "default"}
            px={10}
            aria-expanded={filters}
            aria-label={t("list.filters")}
            onClick={() => setFilters(!filters)}
          >
            <IconFilter size={16} aria-hidden />
          </Button>
        </div>
        {filters ? <Filters query={query} onChange={change} tags={tagsOf(list.rows)} /> : null}
      </div>
      <div className={classes.status}>
        <span aria-live="polite">
          {list.next
            ? t(list.estimate ? "list.count_about" : "list.count_of", {
                shown: list.rows.length,
                count: list.total,
              })
            : t("list.count", { count: list.total })}
        </span>
        <span>{asOf ? t("list.fresh", { time: instant(asOf) }) : null}</span>
      </div>
      {error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(error, common)}
        </p>
      ) : null}
      {list.rows.length === 0 && !busy ? (
        <div className={classes.nothing}>
          <p>
            <b>{t(emptyOf(query))}</b>
          </p>
          {narrowed || q ? (
            <>
              <p>{t("list.none_hint")}</p>
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  setTyped("");
                  mailDesk.setState({ query: firstQuery, viewId: null });
                }}
              >
                {t("list.clear")}
              </Button>
            </>
          ) : null}
        </div>
      ) : (
        <MailRows
          rows={list.rows}
          total={list.total}
          open={opened}
          me={me}
          onOpen={onOpen}
          onClaim={onClaim}
          onEnd={more}
        />
      )}
    </div>
  );
}

/** Nothing to do is good news, nothing found is not. */
function emptyOf(query: WorkQuery) {
  if (query.closed) return "list.none_closed";
  if (query.mine) return "list.none_mine";
  return query.states?.join() === "waiting" ? "list.none_waiting" : "list.none";
}

function tagsOf(rows: { tags: string[] }[]): string[] {
  return [...new Set(rows.slice(0, 500).flatMap((row) => row.tags))].sort((a, b) => a.localeCompare(b));
}

type FilterProps = { query: WorkQuery; tags: string[]; onChange: (patch: WorkQuery) => void };

function Filters({ query, tags, onChange }: FilterProps) {
  const { t, languageName } = useText();
  const { queues, colleagues } = useLive(({ rows }) => ({
    queues: rows.queues,
    colleagues: rows.colleagues,
  }));
  const named = Object.values(queues)
    .filter((each) => !each.channel || each.channel === "email")
    .sort((a, b) => a.name.localeCompare(b.name));
  const people = Object.values(colleagues).sort((a, b) => a.name.localeCompare(b.name));
  const asked = (query.states ?? []).join();
  const opened = Object.entries(states).find(([, value]) => value.join() === asked)?.[0] ?? "open";
  const state = query.closed ? "closed" : opened;
  const shownTags = query.tag && !tags.includes(query.tag) ? [query.tag, ...tags] : tags;
  return (
    <>
      <div className={classes.grid}>
        <NativeSelect
          aria-label={t("list.state")}
          value={state}
          onChange={({ currentTarget: { value } }) =>
            onChange(
              value === "closed" ? ownViews.closed : { closed: false, states: states[value as StateName] },
            )
          }
          data={[...Object.keys(states), "closed"].map((value) => ({
            value,
            label: t(`list.state_${value as StateName | "closed"}`),
          }))}
        />
        {query.closed ? (
          <NativeSelect
            aria-label={t("list.closed_in")}
            value={String(query.days ?? 30)}
            onChange={(event) => onChange({ days: Number(event.currentTarget.value) })}
            data={lengths.map((days) => ({ value: String(days), label: t("list.days", { count: days }) }))}
          />
        ) : (
          <NativeSelect
            aria-label={t("list.sort")}
            value={query.sort ?? "due"}
            onChange={(event) => onChange({ sort: event.currentTarget.value as WorkSort })}
            data={sorts.map((value) => ({ value, label: t(`list.sort_${value}`) }))}
          />
        )}
        <NativeSelect
          aria-label={t("list.queue")}
          value={query.queue ?? ""}
          onChange={(event) => onChange({ queue: event.currentTarget.value })}
          data={[
            { value: "", label: t("list.any_queue") },
            ...named.map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
        <NativeSelect
          aria-label={t("list.language")}
          value={query.language ?? ""}
          onChange={(event) => onChange({ language: event.currentTarget.value })}
          data={[
            { value: "", label: t("list.any_language") },
            ...["en", "fr", "de", "es", "it", "nl"].map((value) => ({ value, label: languageName(value) })),
          ]}
        />
        <NativeSelect
          aria-label={t("list.tag")}
          value={query.tag ?? ""}
          onChange={(event) => onChange({ tag: event.currentTarget.value })}
          data={[
            { value: "", label: t("list.any_tag") },
            ...shownTags.map((value) => ({ value, label: value })),
          ]}
        />
        <NativeSelect
          aria-label={t("list.agent")}
          value={query.agent ?? ""}
          disabled={query.mine ?? false}
          onChange={(event) => onChange({ agent: event.currentTarget.value })}
          data={[
            { value: "", label: t("list.any_agent") },
            ...people.map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
        <Switch
          style={{ alignSelf: "center" }}
          label={t("list.only_mine")}
          checked={query.mine ?? false}
          onChange={(event) => onChange({ mine: event.currentTarget.checked, agent: "" })}
        />
      </div>
      <SaveView query={query} />
    </>
  );
}

/** Which of everybody's views a list is: narrowed or sorted otherwise, it still is that one. */
function ownViewOf(query: WorkQuery): keyof typeof ownViews | null {
  if (query.closed) return "closed";
  if (query.mine) return "mine";
  const asked = (query.states ?? []).join();
  return asked === "waiting" ? "todo" : asked === "" ? "open" : null;
}

const viewsKey = ["mail", "views"] as const;

/** Everybody's views, and the saved ones with how many mails each holds now. */
function Views({ query }: { query: WorkQuery }) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const queries = useQueryClient();
  const { run } = useCommand();
  const chosen = useMailDesk((state) => state.viewId);
  const views = useQuery({ queryKey: viewsKey, queryFn: api.mail.views, refetchInterval: 10_000 });
  const items = views.data?.items ?? [];
  const own = chosen === null ? ownViewOf(query) : null;
  const show = (view: WorkView) =>
    mailDesk.setState(
      chosen === view.id
        ? { query: { ...firstQuery, q: query.q ?? "" }, viewId: null }
        : { query: { ...view.filters, q: query.q ?? "" }, viewId: view.id },
    );
  const deletable = items.find((view) => view.id === chosen && view.mine);
  return (
    <section className={classes.views} aria-label={t("list.views")}>
      {(Object.keys(ownViews) as (keyof typeof ownViews)[]).map((name) => (
        <button
          key={name}
          type="button"
          className={classes.view}
          aria-pressed={own === name}
          onClick={() => mailDesk.setState({ query: { ...ownViews[name], q: query.q ?? "" }, viewId: null })}
        >
          <span>{t(`list.view_${name}`)}</span>
        </button>
      ))}
      {items.map((view) => (
        <button
          key={view.id}
          type="button"
          className={classes.view}
          aria-pressed={chosen === view.id}
          onClick={() => show(view)}
        >
          <span>{view.name}</span>
          <span className={classes.count}>
            {view.count_is === "estimate" ? "≈" : ""}
            {view.count}
          </span>
        </button>
      ))}
      {deletable ? (
        <button
          type="button"
          className={classes.view}
          aria-label={t("list.view_delete", { name: deletable.name })}
          title={t("list.view_delete", { name: deletable.name })}
          onClick={async () => {
            if (await run(() => api.mail.deleteView(deletable.id))) {
              mailDesk.setState({ query: firstQuery, viewId: null });
              await queries.invalidateQueries({ queryKey: viewsKey });
            }
          }}
        >
          <IconTrash size={14} aria-hidden />
        </button>
      ) : null}
    </section>
  );
}

function SaveView({ query }: { query: WorkQuery }) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  const [name, setName] = useState<string | null>(null);
  if (name === null)
    return (
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconBookmark size={14} aria-hidden />}
        onClick={() => setName("")}
      >
        {t("list.view_new")}
      </Button>
    );
  return (
    <form
      className={classes.line}
      onSubmit={async (event) => {
        event.preventDefault();
        const id = crypto.randomUUID();
        if (!name.trim() || !(await run(() => api.mail.saveView(id, name.trim(), query)))) return;
        setName(null);
        mailDesk.setState({ viewId: id });
        await queries.invalidateQueries({ queryKey: viewsKey });
      }}
    >
      <TextInput
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        aria-label={t("list.view_name")}
        placeholder={t("list.view_name")}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setName(null)}
      />
      <Button type="submit" variant="default" loading={busy} disabled={!name.trim()}>
        {t("list.view_new")}
      </Button>
    </form>
  );
}
