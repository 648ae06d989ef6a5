import type { Editor } from "@tiptap/react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { RichTextProps, SlashItem } from "../RichText";
import classes from "./rich-text.module.css";
import { slashQuery } from "./slash";

type Open = { query: string; from: number; to: number };

/** Follows a "/search" at the cursor, and the keys while its list is open. */
export function useSlash(slash: RichTextProps["slash"]) {
  const [open, setOpen] = useState<Open | null>(null);
  const [items, setItems] = useState<SlashItem[] | null>(null);
  const [at, setAt] = useState(0);
  const editorRef = useRef<Editor | null>(null);
  const dismissed = useRef(-1);
  const query = open?.query ?? null;
  const find = slash?.find;

  useEffect(() => {
    if (query === null || !find) return setItems(null);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      find(query, stop.signal).then(
        (found) => {
          if (stop.signal.aborted) return;
          setItems(found);
          setAt(0);
        },
        () => undefined, // away: the list stays as it was
      );
    }, 90);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query, find]);

  const close = useCallback(() => setOpen(null), []);
  const look = useCallback(
    (editor: Editor) => {
      editorRef.current = editor;
      if (!slash) return;
      const { $from, empty } = editor.state.selection;
      const before = empty ? $from.parent.textBetween(0, $from.parentOffset, undefined, "￼") : "";
      const found = empty ? slashQuery(before) : null;
      if (found === null) return setOpen(null);
      const from = $from.pos - found.length - 1;
      if (dismissed.current === from) return;
      dismissed.current = -1;
      setOpen({ query: found, from, to: $from.pos });
    },
    [slash],
  );

  function insert(editor: Editor, html: string) {
    const range = open ? { from: open.from, to: open.to } : editor.state.selection;
    editor.chain().focus().insertContentAt({ from: range.from, to: range.to }, html).run();
    setOpen(null);
  }
  async function pick(item: SlashItem | undefined) {
    const editor = editorRef.current;
    if (!item || !editor || !slash) return;
    const html = await slash.pick(item);
    if (html !== null) insert(editor, html);
    else setOpen(null);
  }
  function key(event: KeyboardEvent): boolean {
    if (!open || event.ctrlKey || event.metaKey) return false;
    const list = items ?? [];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((before) => (before + step + Math.max(1, list.length)) % Math.max(1, list.length));
    } else if ((event.key === "Enter" || event.key === "Tab") && list.length > 0) {
      void pick(list[at]);
    } else if (event.key === "Escape") {
      dismissed.current = open.from;
      setOpen(null);
      event.stopPropagation();
    } else return false;
    event.preventDefault();
    return true;
  }
  return { open, items, at, setAt, look, close, key, pick, insert };
}

type Props = { slash: ReturnType<typeof useSlash>; label: string; nothing: string; editor: Editor };

export function SlashMenu({ slash, label, nothing, editor }: Props) {
  const { open, items, at } = slash;
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [at]);
  // Beside the text, not inside it: a pane that scrolls or a widget that is moved would cut it off.
  const [style, setStyle] = useState<React.CSSProperties>({ visibility: "hidden" });
  const from = open?.from;
  useLayoutEffect(() => {
    if (from === undefined || items === null) return;
    const spot = editor.view.coordsAtPos(from);
    const height = list.current?.offsetHeight ?? 0;
    const below = spot.bottom + 4 + height <= innerHeight;
    setStyle({
      left: Math.max(4, Math.min(spot.left, innerWidth - 328)),
      top: below ? spot.bottom + 4 : Math.max(4, spot.top - 4 - height),
    });
  }, [from, items, editor]);
  if (!open || items === null) return null;
  return createPortal(
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={`${classes.slash} scroll`} style={style} aria-label={label} ref={list} tabIndex={0}>
      {items.length > 0 ? (
        <div role="listbox" aria-label={label} tabIndex={-1}>
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the editor, which keeps the focus
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={item.id}
              role="option"
              data-at={index}
              aria-selected={index === at}
              className={classes.option}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => slash.setAt(index)}
              onClick={() => void slash.pick(item)}
            >
              <b>{item.label}</b>
              {item.hint ? <small>{item.hint}</small> : null}
              {item.warning ? <em>{item.warning}</em> : null}
            </div>
          ))}
        </div>
      ) : (
        <p className={classes.nothing}>{nothing}</p>
      )}
      <span className="visually-hidden" aria-live="polite">
        {items[at]?.label ?? nothing}
      </span>
    </section>,
    document.body,
  );
}
