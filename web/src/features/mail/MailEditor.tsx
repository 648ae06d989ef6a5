import { useCallback, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { DraftKeeper } from "../../client/draft-keeper";
import type { KeptFile } from "../../client/mail-shapes";
import { IconPaperclip, IconRefresh, IconX } from "../../ui/icons";
import { notice } from "../../ui/notice";
import { RichText, type RichTextHandle } from "../../ui/RichText";
import { htmlOfText } from "../../ui/rich-text/plain";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { forEditing, forTravel, readableSize } from "./compose";
import classes from "./compose.module.css";
import { LibraryFiles } from "./LibraryFiles";
import { Recipients } from "./Recipients";
import { SpellCheck } from "./SpellCheck";
import { useText } from "./text";
import type { useUploads } from "./useUploads";

export type Canned = { answerId: string; text: string };
type Props = {
  keeper: DraftKeeper;
  contactId: number | null;
  languages: string[];
  uploads: ReturnType<typeof useUploads>;
  handle: React.RefObject<RichTextHandle | null>;
  onCanned: (canned: Canned) => void;
  /** Everybody else who was written to. */
  others?: string[];
  focusTo?: boolean;
  /** The cursor goes into the text. */
  focusText?: boolean;
  beforeSubject?: React.ReactNode;
};

/** Recipients, subject, text, attachments: what an answer and a new mail share. */
export function MailEditor(props: Props) {
  const { keeper, languages, uploads, others = [] } = props;
  const { t, languageName } = useText();
  const { draft, replaced } = useStore(keeper.store);
  const [more, setMore] = useState(draft.cc.length + draft.bcc.length > 0);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const slash = useCanned(props);
  const onImage = useCallback(
    async (file: File) => {
      const kept = await uploads.send(file);
      if (!kept) return null;
      const { draft: now } = keeper.store.getState();
      keeper.change({ attachments: [...now.attachments, { ...kept, inline_id: kept.file_id }] });
      return `/api/v1/files/${kept.file_id}`;
    },
    [uploads.send, keeper],
  );
  const codes = [...new Set([draft.language, ...languages].filter(Boolean))];
  const shown = draft.attachments.filter((file) => !file.inline_id);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere; the button does the same
    <div
      className={classes.editor}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (event.defaultPrevented || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void uploads.attach([...event.dataTransfer.files]);
      }}
    >
      <div className={classes.fields}>
        <Recipients
          label={t("compose.to")}
          value={draft.to}
          autoFocus={props.focusTo}
          onChange={(to) => keeper.change({ to })}
          beside={
            <span className={classes.beside}>
              {others.length > 0 ? (
                <button
                  type="button"
                  className={classes.link}
                  onClick={() => {
                    keeper.change({ cc: [...draft.cc, ...others] });
                    setMore(true);
                  }}
                >
                  {t("compose.reply_all")}
                </button>
              ) : null}
              {more ? null : (
                <button type="button" className={classes.link} onClick={() => setMore(true)}>
                  {t("compose.show_cc")}
                </button>
              )}
            </span>
          }
        />
        {more ? (
          <>
            <Recipients label={t("compose.cc")} value={draft.cc} onChange={(cc) => keeper.change({ cc })} />
            <Recipients
              label={t("compose.bcc")}
              value={draft.bcc}
              onChange={(bcc) => keeper.change({ bcc })}
            />
          </>
        ) : null}
        {props.beforeSubject}
        <label className={classes.field}>
          <span>{t("compose.subject")}</span>
          <input
            className={classes.subject}
            value={draft.subject}
            maxLength={500}
            lang={draft.language}
            spellCheck
            onChange={(event) => keeper.change({ subject: event.currentTarget.value })}
          />
        </label>
      </div>
      <RichText
        key={`${replaced}.${draft.plain}`}
        handle={props.handle}
        label={t("compose.body")}
        initial={draft.plain ? htmlOfText(draft.text) : forEditing(draft.html)}
        placeholder={t("compose.placeholder")}
        language={draft.language}
        plain={draft.plain}
        minHeight={110}
        autoFocus={props.focusText}
        onChange={({ html, text }) => {
          keeper.change({ html: forTravel(html), text });
        }}
        onImage={onImage}
        onFiles={(files) => void uploads.attach(files)}
        slash={slash}
        tools={
          <span className={classes.tools}>
            <button type="button" className={classes.tool} onClick={() => picker.current?.click()}>
              <IconPaperclip size={15} aria-hidden />
              <span>{t("compose.attach")}</span>
            </button>
            <LibraryFiles
              language={draft.language}
              files={draft.attachments}
              onAdd={(files) => {
                const { attachments } = keeper.store.getState().draft;
                keeper.change({ attachments: [...attachments, ...files] });
              }}
            />
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label={t("compose.attach_files")}
              onChange={(event) => {
                void uploads.attach([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = "";
              }}
            />
            <SpellCheck
              language={draft.language}
              text={() => keeper.store.getState().draft.text}
              onCorrect={(word, by) => props.handle.current?.correct(word, by)}
            />
            <label className={classes.plain}>
              <input
                type="checkbox"
                checked={draft.plain}
                onChange={(event) => keeper.change({ plain: event.currentTarget.checked })}
              />
              <span>{t("compose.plain")}</span>
            </label>
            <select
              className={classes.language}
              aria-label={t("compose.language")}
              title={t("compose.language")}
              value={draft.language}
              onChange={(event) => keeper.change({ language: event.currentTarget.value })}
            >
              {codes.map((code) => (
                <option key={code} value={code}>
                  {languageName(code)}
                </option>
              ))}
            </select>
          </span>
        }
      />
      {over ? <p className={classes.dropHint}>{t("compose.drop")}</p> : null}
      <Tray
        uploads={uploads}
        files={shown}
        onRemove={(fileId) =>
          keeper.change({ attachments: draft.attachments.filter((file) => file.file_id !== fileId) })
        }
      />
    </div>
  );
}

/** The ready-made answers behind "/". */
function useCanned({ keeper, contactId, onCanned }: Props) {
  const { t, languageName } = useText();
  const { api } = useServices();
  const { run } = useCommand();
  return useMemo(
    () => ({
      label: t("compose.canned"),
      nothing: t("compose.canned_none"),
      find: async (query: string, signal: AbortSignal) => {
        const { language } = keeper.store.getState().draft;
        const { items } = await api.mail.answers(query, language, signal);
        const now = items.filter((each) => each.valid_now);
        return now.map((each) => ({
          id: each.id,
          label: each.title,
          hint: [each.short_name, each.language.toUpperCase(), each.beginning].filter(Boolean).join(" · "),
          ...(each.language !== language
            ? { warning: t("compose.canned_language", { language: languageName(each.language) }) }
            : {}),
        }));
      },
      pick: async ({ id }: { id: string }) => {
        let html: string | null = null;
        await run(async () => {
          const { language, attachments, plain } = keeper.store.getState().draft;
          const answer = await api.mail.render(id, contactId, language);
          const have = new Set(attachments.map((file) => file.file_id));
          const more = answer.attachments
            .filter((file) => !have.has(file.file_id))
            .map((file) => ({ ...file, inline_id: "" }));
          if (more.length > 0) keeper.change({ attachments: [...attachments, ...more] });
          onCanned({ answerId: id, text: answer.text });
          if (answer.missing.length > 0)
            void notice("red", t("compose.canned_warn", { names: answer.missing.join(", ") }));
          html = plain ? htmlOfText(answer.text) : forEditing(answer.html);
        });
        return html;
      },
    }),
    [t, languageName, api, run, keeper, contactId, onCanned],
  );
}

type TrayProps = {
  uploads: ReturnType<typeof useUploads>;
  files: (KeptFile & { inline_id: string })[];
  onRemove: (fileId: string) => void;
};

function Tray({ uploads, files, onRemove }: TrayProps) {
  const { t, locale } = useText();
  if (files.length === 0 && uploads.uploads.length === 0) return null;
  return (
    <ul className={classes.tray}>
      {files.map((file) => (
        <li key={file.file_id} className={classes.file}>
          <IconPaperclip size={13} aria-hidden />
          <span title={file.name}>{file.name}</span>
          <small>{readableSize(file.size, locale)}</small>
          <button
            type="button"
            aria-label={t("compose.remove_file", { name: file.name })}
            onClick={() => onRemove(file.file_id)}
          >
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
      {uploads.uploads.map((upload) => (
        <li key={upload.id} className={classes.file} data-failed={upload.failed || undefined}>
          <span title={upload.file.name}>{upload.file.name}</span>
          {upload.failed ? (
            <button
              type="button"
              aria-label={t("compose.retry_file", { name: upload.file.name })}
              onClick={() => void uploads.again(upload)}
            >
              <IconRefresh size={13} aria-hidden />
            </button>
          ) : (
            <progress
              max={1}
              value={upload.part}
              aria-label={t("compose.uploading", {
                name: upload.file.name,
                percent: Math.round(upload.part * 100),
              })}
            />
          )}
          <button
            type="button"
            aria-label={t("compose.remove_file", { name: upload.file.name })}
            onClick={() => uploads.drop(upload.id)}
          >
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
