import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { folded } from "../lib/text";
import { IconSearch } from "./icons";
import classes from "./PickList.module.css";

export type PickItem = {
  id: string;
  label: string;
  /** Small words beside the label; found by typing too. */
  hint?: string;
  /** Words that find it but are not shown. */
  also?: string;
  aside?: React.ReactNode;
  icon?: React.ReactNode;
  group?: string;
  disabled?: boolean;
};

type Props = {
  label: string;
  placeholder?: string;
  items: PickItem[];
  onPick: (item: PickItem) => void;
  onEscape?: () => void;
  /** Makes an item of what was typed (an outside number). */
  typed?: (text: string) => PickItem | null;
  chosen?: string | null;
  nothing: string;
  autoFocus?: boolean;
  value?: string;
  onTyping?: (text: string) => void;
  busy?: boolean;
  /** Beside the field, and between the field and the list. */
  beside?: React.ReactNode;
  below?: React.ReactNode;
};

/** A list to filter by typing and to walk by arrows: transfer targets, reasons, colleagues. Plain elements: it is on the hot path. */
export function PickList(props: Props) {
  const { items, onPick, typed, chosen = null, autoFocus = false } = props;
  const listId = useId();
  const [ownText, setOwnText] = useState("");
  const text = props.value ?? ownText;
  const setText = props.onTyping ?? setOwnText;
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const found = items.filter((item) => {
      const where = folded(`${item.label} ${item.hint ?? ""} ${item.also ?? ""} ${item.group ?? ""}`);
      return words.every((word) => where.includes(word));
    });
    const free = text.trim() ? typed?.(text.trim()) : null;
    return free ? [free, ...found] : found;
  }, [items, text, typed]);
  const active = Math.min(at, Math.max(0, shown.length - 1));

  useEffect(() => {
    if (autoFocus) input.current?.focus({ preventScroll: true });
  }, [autoFocus]);
  useEffect(() => {
    if (chosen && !text)
      setAt(
        Math.max(
          0,
          items.findIndex((item) => item.id === chosen),
        ),
      );
  }, [chosen, items, text]);
  useEffect(() => {
    const option = list.current?.querySelector<HTMLElement>(`[data-at="${active}"]`);
    option?.scrollIntoView?.({ block: "nearest" });
  }, [active]);

  function pick(item: PickItem | undefined) {
    if (item && !item.disabled && !props.busy) onPick(item);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey) {
      // What he has typed for is meant, also when the whole form is sent with the same key.
      if (event.key === "Enter" && text && shown[active]?.id !== chosen) pick(shown[active]);
      return;
    }
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      const last = shown.length - 1;
      const next = active + step;
      setAt(
        Math.abs(step) === 1 ? (next < 0 ? last : next > last ? 0 : next) : Math.max(0, Math.min(last, next)),
      );
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(shown[active]);
    } else if (event.key === "Escape" && props.onEscape) {
      event.preventDefault();
      event.stopPropagation();
      props.onEscape();
    }
  }

  let group: string | undefined;
  return (
    <div className={classes.root}>
      <div className={classes.top}>
        <div className={classes.field}>
          <IconSearch size={15} aria-hidden />
          <input
            ref={input}
            className={classes.input}
            role="combobox"
            aria-label={props.label}
            aria-expanded="true"
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
            placeholder={props.placeholder}
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {props.beside}
      </div>
      {props.below}
      <div
        className={`${classes.list} scroll`}
        ref={list}
        id={listId}
        role="listbox"
        aria-label={props.label}
        tabIndex={-1}
      >
        {shown.map((item, index) => {
          const heading = item.group !== group ? item.group : undefined;
          group = item.group;
          return (
            <div key={item.id} role="presentation">
              {heading ? (
                <div className={classes.group} role="presentation">
                  {heading}
                </div>
              ) : null}
              {/* biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus (aria-activedescendant) */}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the combobox */}
              <div
                id={`${listId}-${index}`}
                data-at={index}
                role="option"
                aria-selected={chosen === item.id || (chosen === null && index === active)}
                aria-disabled={item.disabled || undefined}
                className={classes.option}
                data-active={index === active || undefined}
                data-chosen={chosen === item.id || undefined}
                onMouseDown={(event) => event.preventDefault()}
                onMouseMove={() => setAt(index)}
                onClick={() => pick(item)}
              >
                {item.icon ? <span className={classes.icon}>{item.icon}</span> : null}
                <span className={classes.words}>
                  <span className={classes.label}>{item.label}</span>
                  {item.hint ? <span className={classes.hint}>{item.hint}</span> : null}
                </span>
                {item.aside}
              </div>
            </div>
          );
        })}
      </div>
      {shown.length === 0 ? <p className={classes.nothing}>{props.nothing}</p> : null}
    </div>
  );
}
