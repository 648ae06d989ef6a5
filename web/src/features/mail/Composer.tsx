import { Button, Menu, TextInput } from "@mantine/core";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { DraftKeeper } from "../../client/draft-keeper";
import type { KeptFile, Thread } from "../../client/mail-shapes";
import { type Action, chordOf, keyOf } from "../../lib/shortcuts";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconPencil,
  IconSend,
  IconTrash,
} from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { notice } from "../../ui/notice";
import type { RichTextHandle } from "../../ui/RichText";
import { usePreference, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { firstDraft, isBlank, othersOf } from "./compose";
import classes from "./compose.module.css";
import { Conflict, DraftStatus } from "./DraftBar";
import { type Canned, MailEditor } from "./MailEditor";
import { ParkForm } from "./Panels";
import { useText } from "./text";
import { useSending, type Way, ways } from "./useSending";
import { useUploads } from "./useUploads";

type Props = { thread: Thread; onNext: () => void; onSent: () => void };

/** The draft of a contact: the one at hand, else the server's, else a new one. */
function useKeeper(thread: Thread): DraftKeeper {
  const { api, mailDesk } = useServices();
  const id = thread.contact.contact_id;
  const [keeper] = useState(() => {
    const known = mailDesk.keepers.get(id);
    if (known) return known;
    const { draft } = thread;
    const fresh = new DraftKeeper(draft ?? firstDraft(thread), draft?.saved_at ?? null, {
      save: (each) => api.mail.saveDraft(id, each),
      load: () => api.mail.draft(id),
    });
    mailDesk.keepers.set(id, fresh);
    return fresh;
  });
  // What was typed in the last two seconds is not lost when the mail or the whole page is left.
  useEffect(() => {
    const flush = () => void keeper.flush();
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [keeper]);
  return keeper;
}

export function Composer({ thread, onNext, onSent }: Props) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const keeper = useKeeper(thread);
  const signature = thread.signature?.text ?? "";
  const [open, setOpen] = useState(() => !isBlank(keeper.store.getState().draft, signature));
  const [focused, setFocused] = useState(false);
  const handle = useRef<RichTextHandle | null>(null);
  const [canned, setCanned] = useState<Canned[]>([]);
  const onKept = useCallback(
    (file: KeptFile) => {
      const { attachments } = keeper.store.getState().draft;
      keeper.change({ attachments: [...attachments, { ...file, inline_id: "" }] });
    },
    [keeper],
  );
  const uploads = useUploads(onKept);
  const sending = useSending({
    thread,
    keeper,
    canned,
    uploading: uploads.uploads.length > 0,
    onNext,
    onSent,
  });
  const onCanned = useCallback((each: Canned) => setCanned((before) => [...before, each]), []);
  const write = useCallback(() => {
    setOpen(true);
    setFocused(true);
    handle.current?.focus();
  }, []);
  useShortcut("mail_write", write);
  useInsert(thread, keeper, handle, onCanned, write);
  const keys = useSendKeys(sending.send, sending.busy);
  const others = othersOf(
    thread,
    keeper.store.getState().draft,
    (thread.from_addresses ?? []).map((each) => each.address),
  );

  if (!open)
    return (
      <div className={classes.closed}>
        <button type="button" className={classes.write} onClick={write}>
          <IconPencil size={16} aria-hidden />
          <span>{t("compose.open")}</span>
          <KeyHint action="mail_write" />
        </button>
      </div>
    );
  return (
    <section className={classes.composer} aria-label={t("compose.label")} onKeyDownCapture={keys}>
      <div className={classes.bar}>
        <DraftStatus keeper={keeper} />
        <span className={classes.barActs}>
          <button
            type="button"
            className={classes.icon}
            aria-label={t("compose.discard")}
            title={t("compose.discard")}
            onClick={async () => {
              await keeper.end();
              await api.mail.dropDraft(thread.contact.contact_id).catch(() => undefined);
              mailDesk.keepers.delete(thread.contact.contact_id);
              const version = 0;
              keeper.revive();
              keeper.replace({ ...firstDraft(thread), version });
              setCanned([]);
              setOpen(false);
            }}
          >
            <IconTrash size={15} aria-hidden />
          </button>
          <button
            type="button"
            className={classes.icon}
            aria-label={t("side.hide")}
            title={t("side.hide")}
            onClick={() => setOpen(false)}
          >
            <IconChevronDown size={15} aria-hidden />
          </button>
        </span>
      </div>
      <Conflict keeper={keeper} />
      <div className={`${classes.scroll} scroll`}>
        <MailEditor
          keeper={keeper}
          contactId={thread.contact.contact_id}
          languages={thread.languages ?? ["en", "fr"]}
          uploads={uploads}
          handle={handle}
          others={others}
          focusText={focused}
          onCanned={onCanned}
        />
      </div>
      <SendBar thread={thread} sending={sending} />
    </section>
  );
}

/** Suggestions beside the thread put their text in here. */
function useInsert(
  thread: Thread,
  keeper: DraftKeeper,
  handle: React.RefObject<RichTextHandle | null>,
  onCanned: (canned: Canned) => void,
  write: () => void,
) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const { run } = useCommand();
  const id = thread.contact.contact_id;
  useEffect(() => {
    const insert = (answerId: string) => {
      write();
      void run(async () => {
        const answer = await api.mail.render(answerId, id, keeper.store.getState().draft.language);
        for (let i = 0; i < 40 && !handle.current; i++) await new Promise((done) => setTimeout(done, 50));
        handle.current?.insert(answer.html);
        onCanned({ answerId, text: answer.text });
        if (answer.missing.length > 0)
          void notice("red", t("compose.canned_warn", { names: answer.missing.join(", ") }));
      });
    };
    mailDesk.insert.current = insert;
    return () => {
      if (mailDesk.insert.current === insert) mailDesk.insert.current = null;
    };
  }, [t, api, mailDesk, run, id, keeper, handle, onCanned, write]);
}

/** The keys of sending work inside the text too, before the text takes them as its own. */
function useSendKeys(send: (way: Way) => void, busy: boolean) {
  const shortcuts = usePreference((state) => state.shortcuts);
  return (event: KeyboardEvent) => {
    if (!event.currentTarget.contains(event.target as Node)) return; // a dialog's own keys
    if (shortcuts.off || event.repeat) return;
    const chord = chordOf(event.nativeEvent);
    const way = (Object.keys(ways) as Way[]).find((each) => keyOf(ways[each].action, shortcuts) === chord);
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    if (!busy) send(way);
  };
}

/** Closing reason and note, the one button with its key, and the other ways to send. */
function SendBar({ thread, sending }: { thread: Thread; sending: ReturnType<typeof useSending> }) {
  const { t } = useText();
  const [noting, setNoting] = useState(false);
  const reasons = thread.closing_reasons ?? [];
  const { warning, busy, send } = sending;
  useShortcut("mail_send_next", () => send("next"), !busy);
  useShortcut("mail_send_close", () => send("close"), !busy);
  useShortcut("mail_send", () => send("keep"), !busy);
  useShortcut("mail_send_park", () => send("park"), !busy);
  if (sending.parking)
    return (
      <ParkForm
        submit={t("park.submit_send")}
        busy={busy}
        onCancel={sending.cancelPark}
        onPark={(until, reason) => sending.sendParked(until, reason)}
      />
    );
  return (
    <div className={classes.foot}>
      {warning ? (
        <div className={classes.warn} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <span>{warning.words}</span>
          {warning.anyway ? (
            <Button size="compact-sm" variant="default" onClick={warning.anyway}>
              {t("compose.send_anyway")}
            </Button>
          ) : null}
        </div>
      ) : null}
      {noting ? (
        <TextInput
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          aria-label={t("compose.note")}
          placeholder={t("compose.note_placeholder")}
          maxLength={2000}
          value={sending.note}
          onChange={(event) => sending.setNote(event.currentTarget.value)}
        />
      ) : null}
      <div className={classes.sendRow}>
        {reasons.length > 0 ? (
          <select
            className={classes.reason}
            aria-label={t("compose.reason")}
            aria-invalid={sending.insist || undefined}
            ref={sending.reasonField}
            value={sending.reason}
            onChange={(event) => sending.setReason(event.currentTarget.value)}
          >
            <option value="">{t("compose.reason")}</option>
            {reasons.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        ) : null}
        <button
          type="button"
          className={classes.link}
          aria-expanded={noting}
          onClick={() => setNoting(!noting)}
        >
          {t("compose.note")}
        </button>
        <span className={classes.sends}>
          <Button
            loading={busy}
            className={classes.send}
            leftSection={<IconSend size={15} aria-hidden />}
            rightSection={<KeyHint action="mail_send_next" loud />}
            onClick={() => send("next")}
          >
            {t("compose.send_next")}
          </Button>
          <Menu position="top-end" width={280}>
            <Menu.Target>
              <Button className={classes.more} disabled={busy} aria-label={t("compose.ways")}>
                <IconChevronUp size={15} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(Object.keys(ways) as Way[]).map((way) => (
                <Menu.Item
                  key={way}
                  rightSection={<KeyHint action={ways[way].action as Action} />}
                  onClick={() => send(way)}
                >
                  {t(`compose.${ways[way].word}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </span>
      </div>
    </div>
  );
}
