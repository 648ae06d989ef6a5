import { ActionIcon, Button, SegmentedControl, TextInput, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChosenFile, MessageKind } from "../../client/conversation-api";
import type { MyContact } from "../../realtime/rows";
import { IconBolt, IconBooks, IconLink, IconPaperclip, IconSend } from "../../ui/icons";
import { PickList } from "../../ui/PickList";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";
import type { OnItsWay } from "./fold";
import { LibraryFile } from "./LibraryFile";

type Props = {
  contact: MyContact;
  name: string;
  onSend: (message: OnItsWay) => void;
  onFailed: (key: string) => void;
};
type Mode = "visitor" | "whisper";
const typingLasts = 3_000;

/** Enter sends, Shift+Enter makes a line, "/" at the start finds a ready-made answer. */
export function Composer({ contact, name, onSend, onFailed }: Props) {
  const { t } = useTranslation("conversation");
  const { api, live } = useServices();
  const { busy, run } = useCommand();
  const id = contact.contact_id;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useDraft(id);
  const [mode, setMode] = useState<Mode>("visitor");
  const [drawer, setDrawer] = useState<"answers" | "library" | "link" | null>(null);
  const [missing, setMissing] = useState<string[]>([]);
  const typing = useTyping((on) => live.say({ typing: { contact_id: id, on } }));
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  function write(
    kind: MessageKind,
    said: string,
    more: { file_id?: string; url?: string } = {},
    key = crypto.randomUUID(),
  ) {
    onSend({ key, text: said || more.url || t("file"), whisper: kind === "whisper", failed: false });
    typing.stop();
    return run(() =>
      api.conversation.write(id, { key, kind, text: said, ...more }).catch((error) => {
        onFailed(key);
        throw error;
      }),
    );
  }
  async function send() {
    const said = text.trim();
    if (!said) return;
    setText("");
    setMissing([]);
    // What the server did not take is given back to the field: nothing that was written is lost.
    if (!(await write(mode === "whisper" ? "whisper" : "text", said))) setText(said);
  }
  async function insert(answer: string, language: string) {
    await run(async () => {
      const { text: ready, missing: holes } = await api.conversation.render(answer, id, language);
      setText(text.startsWith("/") ? ready : `${text}${text && !text.endsWith(" ") ? " " : ""}${ready}`);
      setMissing(holes);
      setDrawer(null);
    });
    field.current?.focus();
  }
  async function attach(file: File | undefined) {
    if (!file) return;
    await run(async () => {
      const kept = await api.conversation.keep(id, file);
      await write("file", "", { file_id: kept.file_id });
    });
  }

  async function give(chosen: ChosenFile) {
    await run(async () => {
      const kept = await api.conversation.fromLibrary(id, chosen);
      setDrawer(null);
      await write("file", "", { file_id: kept.file_id });
    });
    field.current?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is one more way; the button is the accessible one
    <div
      className={classes.composer}
      data-whisper={mode === "whisper" || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void attach(event.dataTransfer.files[0]);
      }}
    >
      {drawer === "answers" ? (
        <Answers
          language={contact.language}
          onPick={(answer, language) => void insert(answer, language)}
          onEscape={() => {
            setDrawer(null);
            field.current?.focus();
          }}
        />
      ) : null}
      {drawer === "library" ? (
        <LibraryFile
          language={contact.language}
          busy={busy}
          onPick={(chosen) => void give(chosen)}
          onEscape={() => {
            setDrawer(null);
            field.current?.focus();
          }}
        />
      ) : null}
      {drawer === "link" ? (
        <SendLink
          onSend={(kind, url) => {
            setDrawer(null);
            void write(kind, "", { url });
          }}
        />
      ) : null}
      {drawer === null ? (
        <Suggestions contact={contact} onPick={(answer, language) => void insert(answer, language)} />
      ) : null}
      {missing.length > 0 ? (
        <p className={classes.warn} role="status">
          {t("missing", { names: missing.join(", ") })}
        </p>
      ) : null}
      <div className={classes.writing}>
        <textarea
          ref={field}
          className={classes.field}
          aria-label={t(mode === "whisper" ? "write_whisper" : "write", { name })}
          placeholder={t(mode === "whisper" ? "write_whisper" : "write", { name })}
          rows={2}
          maxLength={4000}
          value={text}
          lang={contact.language}
          spellCheck
          onChange={({ currentTarget: { value } }) => {
            setText(value);
            if (value === "/") setDrawer("answers");
            if (mode === "visitor" && !value.startsWith("/")) typing.now();
          }}
          onPaste={(event) => {
            const file = event.clipboardData.files[0];
            if (file) {
              event.preventDefault();
              void attach(file);
            }
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void send();
            }
          }}
        />
        <ActionIcon
          size={36}
          aria-label={t("send")}
          loading={busy}
          disabled={!text.trim()}
          onClick={() => void send()}
        >
          <IconSend size={17} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t("mode")}
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data={[
            { value: "visitor", label: t("to_visitor") },
            { value: "whisper", label: t("whisper") },
          ]}
        />
        <span className={classes.gap} />
        <Tool
          label={t("answers")}
          hint="/"
          on={drawer === "answers"}
          onClick={() => setDrawer(drawer === "answers" ? null : "answers")}
        >
          <IconBolt size={17} aria-hidden />
        </Tool>
        <Tool
          label={t("library")}
          on={drawer === "library"}
          onClick={() => setDrawer(drawer === "library" ? null : "library")}
        >
          <IconBooks size={17} aria-hidden />
        </Tool>
        <Tool
          label={t("link")}
          on={drawer === "link"}
          onClick={() => setDrawer(drawer === "link" ? null : "link")}
        >
          <IconLink size={17} aria-hidden />
        </Tool>
        <input
          ref={picker}
          type="file"
          hidden
          aria-hidden
          onChange={({ currentTarget }) => {
            void attach(currentTarget.files?.[0]);
            currentTarget.value = "";
          }}
        />
        <Tool label={t("attach")} on={false} onClick={() => picker.current?.click()}>
          <IconPaperclip size={17} aria-hidden />
        </Tool>
      </div>
    </div>
  );
}

function Tool(props: {
  label: string;
  hint?: string;
  on: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={props.hint ? `${props.label} (${props.hint})` : props.label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={props.label}
        aria-expanded={props.on}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

function Answers(props: {
  language: string;
  onPick: (id: string, language: string) => void;
  onEscape: () => void;
}) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const [text, setText] = useState("");
  const found = useQuery({
    queryKey: ["chat-answers", text, props.language],
    queryFn: ({ signal }) => api.conversation.answers(text.replace(/^\//, ""), props.language, signal),
    placeholderData: (before) => before,
  });
  const lines = found.data?.items ?? [];
  return (
    <div className={classes.answers}>
      <PickList
        label={t("answers")}
        placeholder={t("answers_find")}
        // The server has filtered already, by words and short names.
        items={lines.map((each) => ({
          id: each.id,
          label: each.title,
          hint: each.beginning,
          also: text,
          aside: each.short_name ? <code>/{each.short_name}</code> : null,
        }))}
        value={text}
        onTyping={setText}
        nothing={found.isFetching ? "…" : t("answers_none")}
        autoFocus
        onEscape={props.onEscape}
        onPick={({ id }) =>
          props.onPick(id, lines.find((each) => each.id === id)?.language ?? props.language)
        }
      />
    </div>
  );
}

/** Three at most, for the visitor's last words. Never sent by themselves. */
function Suggestions({
  contact,
  onPick,
}: {
  contact: MyContact;
  onPick: (id: string, language: string) => void;
}) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const since = contact.unanswered_since ?? "";
  const { data } = useQuery({
    queryKey: ["chat-suggestions", contact.contact_id, since, contact.last_message?.text ?? ""],
    queryFn: () => api.conversation.suggestions(contact.contact_id, contact.language),
    enabled: Boolean(since),
    retry: false,
    placeholderData: (before) => before,
  });
  const items = since ? (data?.items ?? []).slice(0, 3) : [];
  if (items.length === 0) return null;
  return (
    <fieldset className={classes.suggestions} aria-label={t("suggestions")}>
      {items.map((each) => (
        <button
          key={each.answer_id}
          type="button"
          title={t("suggested", { title: each.title })}
          onClick={() => onPick(each.answer_id, each.language)}
        >
          {each.title}
        </button>
      ))}
    </fieldset>
  );
}

function SendLink({ onSend }: { onSend: (kind: "link" | "page", url: string) => void }) {
  const { t } = useTranslation("conversation");
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState(false);
  const send = (kind: "link" | "page") => {
    const good = /^https?:\/\/[^\s/]+/.test(url.trim());
    setWrong(!good);
    if (good) onSend(kind, url.trim());
  };
  return (
    <div className={classes.link}>
      <TextInput
        aria-label={t("link_url")}
        placeholder={t("link_url")}
        value={url}
        error={wrong ? t("link_wrong") : null}
        data-autofocus
        onChange={(event) => setUrl(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && send("link")}
      />
      <div className={classes.row}>
        <Button size="compact-sm" variant="default" onClick={() => send("link")}>
          {t("link_send")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => send("page")}>
          {t("page_send")}
        </Button>
      </div>
    </div>
  );
}

/** What is being written to each visitor outlives the switch to another chat, and a reload. */
function useDraft(contactId: number): [string, (text: string) => void] {
  const key = `cordboard.chat-draft.${contactId}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  return [
    text,
    (next) => {
      setText(next);
      if (next) sessionStorage.setItem(key, next);
      else sessionStorage.removeItem(key);
    },
  ];
}

/** Tells at most every few seconds that something is being written, and once that it is not any more. */
function useTyping(tell: (on: boolean) => void): { now: () => void; stop: () => void } {
  const at = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    if (at.current) tell(false);
    at.current = 0;
  };
  const now = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(stop, typingLasts);
    if (Date.now() - at.current > typingLasts) {
      at.current = Date.now();
      tell(true);
    }
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { now, stop };
}
