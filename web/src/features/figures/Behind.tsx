import { Button, Drawer, Loader } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Asked, FigureRow, Occurrence, OccurrencePage } from "../../client/figures-api";
import { readableNumber } from "../../lib/text";
import { IconArrowLeft } from "../../ui/icons";
import { useServices } from "../../ui/services";
import classes from "./figures.module.css";
import { Trouble } from "./Trouble";
import type { Text } from "./text";

/** `part`: the name of the part of the period that was opened, "" for the whole. */
export type Opened = { figure: FigureRow; asked: Asked; part: string };

type Props = {
  opened: Opened | null;
  mayOpen: boolean;
  onClose: () => void;
  factsOf: (contactId: number) => ReactNode;
  text: Text;
};

/** A figure opened: its definition, what it counts, each time, and from there the facts of a contact. */
export function Behind({ opened, mayOpen, onClose, factsOf, text }: Props) {
  const { t, common } = text;
  const [contact, setContact] = useState<number | null>(null);
  const close = () => {
    setContact(null);
    onClose();
  };
  const name = opened ? text.words(opened.figure, opened.asked.days).name : "";
  return (
    <Drawer
      opened={opened !== null}
      onClose={close}
      position="right"
      size="min(760px, 100%)"
      title={
        contact === null ? [name, opened?.part].filter(Boolean).join(" · ") : t("facts_of", { id: contact })
      }
      closeButtonProps={{ "aria-label": common("app.close") }}
    >
      {opened === null ? null : contact === null ? (
        <List opened={opened} mayOpen={mayOpen} text={text} onContact={setContact} />
      ) : (
        <>
          <Button
            variant="subtle"
            size="compact-sm"
            data-autofocus
            leftSection={<IconArrowLeft size={15} aria-hidden />}
            onClick={() => setContact(null)}
          >
            {t("back")}
          </Button>
          {factsOf(contact)}
        </>
      )}
    </Drawer>
  );
}

type ListProps = { opened: Opened; mayOpen: boolean; text: Text; onContact: (id: number) => void };

function List({ opened: { figure, asked }, mayOpen, text, onContact }: ListProps) {
  const { t, common } = text;
  const { api } = useServices();
  const query = useInfiniteQuery({
    queryKey: ["figures", "behind", figure.id, asked],
    queryFn: ({ pageParam, signal }) =>
      api.figures.occurrences(figure.id, { ...asked, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: 0,
    getNextPageParam: (page: OccurrencePage) => page.next,
    enabled: mayOpen,
  });
  const first = query.data?.pages[0];
  const shown = first?.figure ?? figure;
  return (
    <div className={classes.behind}>
      <p className={classes.big} data-figure-value>
        {text.value(shown.value, shown.unit)}
      </p>
      <h3>{t("definition")}</h3>
      <p className={classes.definition}>{text.words(shown, asked.days).definition}</p>
      {first ? <MadeOf page={first} text={text} /> : null}
      <h3>{t("behind")}</h3>
      {mayOpen ? null : <p className={classes.faint}>{t("not_allowed")}</p>}
      {query.error ? <Trouble error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending && mayOpen ? <Loader size="sm" aria-label={common("app.loading")} /> : null}
      {first ? (
        <p className={classes.faint} role="status" data-behind={first.total}>
          {first.total === 0
            ? t("nothing_behind")
            : `${t("behind_count", { count: first.total })} ${
                first.contacts > 0 ? t("in_contacts", { count: first.contacts }) : ""
              }`}
        </p>
      ) : null}
      {first && first.total > 0 ? (
        <Occurrences pages={query.data?.pages ?? []} text={text} onContact={onContact} />
      ) : null}
      {query.hasNextPage ? (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("more")}
        </Button>
      ) : null}
    </div>
  );
}

/** Of a share or a mean: how many of each kind. */
function MadeOf({ page, text }: { page: OccurrencePage; text: Text }) {
  const { t } = text;
  const counts = Object.entries(page.counts);
  if (counts.length < 2) return null;
  return (
    <>
      <h3>{t("made_of")}</h3>
      <ul className={classes.counts}>
        {counts.map(([measure, count]) => (
          <li key={measure}>
            {t(`measures.${measure as "arrived"}`)} <b>{text.number(count)}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

type OccurrencesProps = { pages: OccurrencePage[]; text: Text; onContact: (id: number) => void };

function Occurrences({ pages, text, onContact }: OccurrencesProps) {
  const { t } = text;
  const contacts = new Map(pages.flatMap((page) => page.rows.items).map((row) => [row.contact_id, row]));
  const items = pages.flatMap((page) => page.items);
  const rated = items.some((each) => each.measure === "rated");
  const nameOf = ({ contact_id }: Occurrence) => {
    const row = contacts.get(contact_id);
    return row?.remote_name || readableNumber(row?.remote ?? "") || String(contact_id);
  };
  return (
    <div className={`${classes.tableBox} scroll`}>
      <table className={`${classes.table} ${classes.occurrences}`}>
        <thead>
          <tr>
            <th scope="col">{t("when")}</th>
            <th scope="col">{t("contact")}</th>
            <th scope="col">{t("what")}</th>
            <th scope="col">{t("queue")}</th>
            <th scope="col">{t("agent")}</th>
            <th scope="col">{t("length")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same may happen twice at one instant; the order does not change
            <tr key={index}>
              <td>{text.full(each.at)}</td>
              <th scope="row">
                {each.contact_id ? (
                  <button type="button" className={classes.link} onClick={() => onContact(each.contact_id)}>
                    {nameOf(each)}
                  </button>
                ) : (
                  t("no_contact")
                )}
                <small>{contacts.get(each.contact_id)?.subject}</small>
              </th>
              <td>
                {[each.measure, ...each.marked].map((word) => t(`measures.${word as "arrived"}`)).join(" · ")}
              </td>
              <td>{each.queue || "–"}</td>
              <td>{each.agent || "–"}</td>
              <td>{each.seconds ? text.value(each.seconds, rated ? "number" : "seconds") : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
