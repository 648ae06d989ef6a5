import Image from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import { type Editor as Core, EditorContent, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useEffect, useImperativeHandle, useMemo, useRef } from "react";
import type { RichTextProps } from "../RichText";
import { placesOf, plainOf } from "./plain";
import classes from "./rich-text.module.css";
import { SlashMenu, useSlash } from "./SlashMenu";
import { Toolbar } from "./Toolbar";

/** The page's images only: one that is pasted with a foreign page's text would tell that page who reads. */
const OwnImage = Image.extend({
  parseHTML: () => [{ tag: 'img[src^="/api/"]' }, { tag: 'img[src^="blob:"]' }, { tag: 'img[src^="cid:"]' }],
}).configure({ inline: true });

function nonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
}

/** From the end, so that what has been changed does not move what is still to be. */
function correct(editor: Core, word: string, by: string) {
  const places: number[] = [];
  editor.state.doc.descendants((node, at) => {
    if (node.isText) for (const found of placesOf(word, node.text ?? "")) places.push(at + found);
  });
  const change = editor.state.tr;
  for (const at of places.reverse()) change.insertText(by, at, at + word.length);
  editor.view.dispatch(change);
}

function extensionsFor(plain: boolean, placeholder: string) {
  const off = plain ? (false as const) : undefined;
  return [
    StarterKit.configure({
      heading: false,
      code: false,
      codeBlock: false,
      horizontalRule: false,
      trailingNode: false,
      bold: off,
      italic: off,
      underline: off,
      strike: off,
      bulletList: off,
      orderedList: off,
      listItem: off,
      listKeymap: off,
      blockquote: off,
      link: plain
        ? false
        : {
            openOnClick: false,
            protocols: ["mailto", "tel"],
            HTMLAttributes: { rel: "noopener noreferrer" },
          },
    }),
    ...(plain ? [] : [OwnImage]),
    Placeholder.configure({ placeholder }),
  ];
}

export default function Editor(props: RichTextProps) {
  const { plain = false, placeholder = "" } = props;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const slash = useSlash(props.slash);
  const slashNow = useRef(slash);
  useEffect(() => {
    slashNow.current = slash;
  });
  const content = useRef(props.initial);
  const extensions = useMemo(() => extensionsFor(plain, placeholder), [plain, placeholder]);

  const editor = useEditor(
    {
      extensions,
      content: content.current,
      immediatelyRender: true,
      injectNonce: nonce(),
      autofocus: props.autoFocus ? "start" : false,
      onUpdate: ({ editor }) => {
        content.current = editor.isEmpty ? "" : editor.getHTML();
        latest.current.onChange({
          html: content.current,
          text: editor.isEmpty ? "" : plainOf(editor.getJSON()),
        });
        slashNow.current.look(editor);
      },
      onSelectionUpdate: ({ editor }) => slashNow.current.look(editor),
      onBlur: () => slashNow.current.close(),
      editorProps: {
        handleKeyDown: (_view, event) => slashNow.current.key(event),
        handlePaste: (_view, event) => takeFiles(event.clipboardData),
        handleDrop: (_view, event) => takeFiles(event.dataTransfer),
      },
    },
    [extensions],
  );

  /** Files on the clipboard or dropped. Copied text often brings a picture of itself along: then the text is meant. */
  function takeFiles(data: DataTransfer | null): boolean {
    const files = [...(data?.files ?? [])];
    if (files.length === 0 || data?.types.includes("text/html")) return false;
    const { onImage, onFiles } = latest.current;
    const images = plain || !onImage ? [] : files.filter((file) => file.type.startsWith("image/"));
    for (const file of images) void addImage(file);
    const others = files.filter((file) => !images.includes(file));
    if (others.length) onFiles?.(others);
    return true;
  }
  const alive = useRef<Core>(editor);
  useEffect(() => {
    alive.current = editor;
  });
  async function addImage(file: File) {
    const src = await latest.current.onImage?.(file);
    if (src) alive.current.chain().focus().setImage({ src, alt: file.name }).run();
  }

  useEffect(() => {
    editor.setOptions({
      editable: !props.disabled,
      editorProps: {
        ...editor.options.editorProps,
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": props.label,
          class: `${classes.area} scroll`,
          style: `min-height:${props.minHeight ?? 120}px`,
          spellcheck: "true",
          ...(props.language ? { lang: props.language } : {}),
        },
      },
    });
  }, [editor, props.disabled, props.label, props.language, props.minHeight]);

  useImperativeHandle(
    props.handle,
    () => ({
      focus: () => editor.commands.focus(),
      insert: (html) => slashNow.current.insert(editor, html),
      correct: (word, by) => correct(editor, word, by),
      replace: (html) => editor.chain().setContent(html, { emitUpdate: true }).focus("start").run(),
    }),
    [editor],
  );

  return (
    <div className={classes.root} data-disabled={props.disabled || undefined}>
      <Toolbar
        editor={editor}
        plain={plain}
        onImage={props.onImage ? addImage : undefined}
        disabled={props.disabled}
      >
        {props.tools}
      </Toolbar>
      <EditorContent editor={editor} className={classes.content} />
      {props.slash ? (
        <SlashMenu slash={slash} label={props.slash.label} nothing={props.slash.nothing} editor={editor} />
      ) : null}
    </div>
  );
}
