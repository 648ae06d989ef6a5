import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useId, useRef, useState } from "react";
import type { Named } from "../../client/shapes";
import { initials } from "../../lib/text";
import { IconAlarmSnooze, IconEye, IconStar, IconUser } from "../../ui/icons";
import { useLive } from "../../ui/services";
import { DueMark } from "./DueMark";
import classes from "./list.module.css";
import { type Text, useText } from "./text";
import type { Row } from "./work-list";

type Props = {
  rows: Row[];
  total: number;
  open: number | null;
  me: string;
  onOpen: (id: number) => void;
  onClaim: (id: number) => void;
  onEnd: () => void;
};
const rowHeight = 72;

/** A hundred thousand rows, of which those in sight are there. Plain elements: they change many times a minute. */
export function MailRows({ rows, total, open, me, onOpen, onClaim, onEnd }: Props) {
  const text = useText();
  const viewers = useLive(({ rows }) => rows.viewers);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [at, setAt] = useState(0);
  const active = Math.min(at, Math.max(0, rows.length - 1));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last > rows.length - 40) onEnd();
  }, [last, rows.length, onEnd]);
  const openAt = open === null ? -1 : rows.findIndex((row) => row.contact_id === open);
  useEffect(() => {
    if (openAt >= 0) setAt(openAt);
  }, [openAt]);

  const rendered = items.some(({ index }) => index === active) ? rows[active] : undefined;
  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, number> = {
      j: 1,
      k: -1,
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 8,
      PageUp: -8,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    const row = rows[active];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, active + step));
      setAt(next);
      virtual.scrollToIndex(next);
    } else if (event.key === "Enter" && row) onOpen(row.contact_id);
    else if (event.key === "c" && row && row.state !== "closed") onClaim(row.contact_id);
    else return;
    event.preventDefault();
  }

  return (
    <div
      ref={box}
      className={`${classes.rows} scroll`}
      role="listbox"
      aria-label={text.t("list.title")}
      aria-activedescendant={rendered ? `${id}-${rendered.contact_id}` : undefined}
      tabIndex={0}
      data-mail-list
      onKeyDown={onKeyDown}
    >
      <div className={classes.canvas} style={{ height: virtual.getTotalSize() }} role="presentation">
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row ? (
            <Line
              key={row.contact_id}
              viewers={viewers[row.contact_id]?.people ?? nobody}
              id={`${id}-${row.contact_id}`}
              row={row}
              start={start}
              position={index + 1}
              total={total}
              active={index === active}
              open={row.contact_id === open}
              me={me}
              text={text}
              onOpen={onOpen}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

const nobody: Named[] = [];
type LineProps = {
  viewers: Named[];
  id: string;
  row: Row;
  start: number;
  position: number;
  total: number;
  active: boolean;
  open: boolean;
  me: string;
  text: Text;
  onOpen: (id: number) => void;
};

const Line = memo(
  function Line({ viewers, id, row, start, position, total, active, open, me, text, onOpen }: LineProps) {
    const { t, instant } = text;
    const name = row.remote_name || row.remote || t("list.unknown");
    const others = viewers.filter((each) => each.id !== me && each.id !== row.agent?.id);
    const mine = row.agent?.id === me;
    const closed = row.state === "closed";
    const when = (closed ? row.ended_at : null) ?? row.last_mail_at ?? row.arrived_at;
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the list, which keeps the focus
      // biome-ignore lint/a11y/useFocusableInteractive: see above
      <div
        id={id}
        role="option"
        aria-selected={open}
        aria-setsize={total}
        aria-posinset={position}
        className={classes.row}
        style={{ transform: `translateY(${start}px)` }}
        data-active={active || undefined}
        data-open={open || undefined}
        data-left={row.left || undefined}
        onClick={() => onOpen(row.contact_id)}
      >
        <span className={classes.face} data-mine={mine || undefined} aria-hidden>
          {initials(name)}
        </span>
        <span className={classes.words}>
          <span className={classes.top}>
            <b>{name}</b>
            <time dateTime={when}>{instant(when)}</time>
          </span>
          <span className={classes.subject}>
            <span>{row.subject || t("list.no_subject")}</span>
          </span>
          <span className={classes.marks}>
            {row.left ? <span className={classes.gone}>{t("list.gone")}</span> : null}
            {row.due_at && !closed ? <DueMark at={row.due_at} /> : null}
            {row.agent ? (
              <span className={classes.who} data-mine={mine || undefined}>
                <IconUser size={13} aria-hidden />
                <span>{row.agent.name}</span>
              </span>
            ) : null}
            {row.state === "parked" ? (
              <span className={classes.chip}>
                <IconAlarmSnooze size={13} aria-hidden />
                {row.parked_until ? instant(row.parked_until) : t("state.parked")}
              </span>
            ) : closed ? (
              <span className={classes.chip}>{row.closing_reason?.name ?? t("state.closed")}</span>
            ) : row.state !== "waiting" && row.state !== "in_contact" ? (
              <span className={classes.chip}>{t(`state.${row.state}`)}</span>
            ) : null}
            {others.length > 0 ? (
              <span className={classes.eyes} title={others.map((each) => each.name).join(", ")}>
                <IconEye size={13} aria-hidden />
                <span>{others[0]?.name}</span>
              </span>
            ) : null}
            {row.priority > 0 ? (
              <span className={classes.chip}>
                <IconStar size={12} aria-label={t("list.priority", { count: row.priority })} />
                {row.priority}
              </span>
            ) : null}
            {row.mails > 1 ? (
              <span className={classes.chip}>{t("list.mails", { count: row.mails })}</span>
            ) : null}
            {row.language ? <span className={classes.chip}>{row.language.toUpperCase()}</span> : null}
            {row.tags.map((tag) => (
              <span key={tag} className={classes.tag}>
                {tag}
              </span>
            ))}
          </span>
        </span>
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.viewers === after.viewers &&
    before.start === after.start &&
    before.active === after.active &&
    before.open === after.open &&
    before.total === after.total &&
    before.me === after.me &&
    before.onOpen === after.onOpen &&
    before.text.t === after.text.t,
);
