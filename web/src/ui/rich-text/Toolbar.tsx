import { type Editor, useEditorState } from "@tiptap/react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Icon,
  IconBlockquote,
  IconBold,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
  IconPhoto,
} from "../icons";
import { isMac } from "../KeyHint";
import classes from "./rich-text.module.css";

type Props = {
  editor: Editor;
  plain: boolean;
  disabled?: boolean;
  onImage?: (file: File) => Promise<void>;
  children?: React.ReactNode;
};
const mod = isMac ? "⌘" : "Ctrl+";

export function Toolbar({ editor, plain, disabled, onImage, children }: Props) {
  const { t } = useTranslation();
  const [linking, setLinking] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const on = useEditorState({
    editor,
    selector: ({ editor }) => ({
      bold: editor.isActive("bold"),
      italic: editor.isActive("italic"),
      bullets: editor.isActive("bulletList"),
      numbers: editor.isActive("orderedList"),
      quote: editor.isActive("blockquote"),
      link: editor.isActive("link"),
    }),
  });
  const acts: { name: keyof typeof on; icon: Icon; keys: string; run: () => void }[] = [
    { name: "bold", icon: IconBold, keys: `${mod}B`, run: () => editor.chain().focus().toggleBold().run() },
    {
      name: "italic",
      icon: IconItalic,
      keys: `${mod}I`,
      run: () => editor.chain().focus().toggleItalic().run(),
    },
    {
      name: "bullets",
      icon: IconList,
      keys: `${mod}⇧8`,
      run: () => editor.chain().focus().toggleBulletList().run(),
    },
    {
      name: "numbers",
      icon: IconListNumbers,
      keys: `${mod}⇧7`,
      run: () => editor.chain().focus().toggleOrderedList().run(),
    },
    {
      name: "quote",
      icon: IconBlockquote,
      keys: `${mod}⇧B`,
      run: () => editor.chain().focus().toggleBlockquote().run(),
    },
    { name: "link", icon: IconLink, keys: "", run: () => setLinking(!linking) },
  ];
  if (plain && !children) return null;
  return (
    <div className={classes.tools}>
      <div className={classes.bar} role="toolbar" aria-label={t("editor.format")}>
        {plain
          ? null
          : acts.map(({ name, icon: Mark, keys, run }) => (
              <button
                key={name}
                type="button"
                className={classes.tool}
                aria-label={t(`editor.${name}`)}
                title={keys ? `${t(`editor.${name}`)} (${keys})` : t(`editor.${name}`)}
                aria-pressed={name === "link" ? undefined : on[name]}
                aria-expanded={name === "link" ? linking : undefined}
                data-on={on[name] || undefined}
                disabled={disabled}
                onMouseDown={(event) => event.preventDefault()}
                onClick={run}
              >
                <Mark size={16} aria-hidden />
              </button>
            ))}
        {!plain && onImage ? (
          <>
            <button
              type="button"
              className={classes.tool}
              aria-label={t("editor.image")}
              title={t("editor.image")}
              disabled={disabled}
              onClick={() => picker.current?.click()}
            >
              <IconPhoto size={16} aria-hidden />
            </button>
            <input
              ref={picker}
              type="file"
              accept="image/png,image/jpeg,image/gif,image/webp"
              hidden
              aria-label={t("editor.image")}
              onChange={(event) => {
                for (const file of event.currentTarget.files ?? []) void onImage(file);
                event.currentTarget.value = "";
              }}
            />
          </>
        ) : null}
      </div>
      {children}
      {linking && !plain ? <LinkField editor={editor} onDone={() => setLinking(false)} /> : null}
    </div>
  );
}

/** "example.com" is meant as https; an address with "@" is meant as mail. */
export function targetOf(typed: string): string {
  const text = typed.trim();
  if (!text || /^[a-z][a-z\d+.-]*:/i.test(text))
    return /^(javascript|data|vbscript):/i.test(text) ? "" : text;
  return text.includes("@") && !text.includes("/") ? `mailto:${text}` : `https://${text}`;
}

function LinkField({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(editor.getAttributes("link").href ?? ""));
  function apply() {
    const href = targetOf(typed);
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive("link"))
      chain
        .insertContent({ type: "text", text: typed.trim(), marks: [{ type: "link", attrs: { href } }] })
        .run();
    else chain.setLink({ href }).run();
    onDone();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter") apply();
    else if (event.key === "Escape") {
      onDone();
      editor.commands.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div className={classes.link}>
      <input
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        aria-label={t("editor.link_target")}
        placeholder="https://"
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" className={classes.tool} onClick={apply}>
        {t(typed.trim() ? "editor.link_set" : "editor.link_remove")}
      </button>
    </div>
  );
}
