import { Button, TextInput } from "@mantine/core";
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { DraftKeeper } from "../../client/draft-keeper";
import type { KeptFile, SendingAddress } from "../../client/mail-shapes";
import { chordOf, keyOf } from "../../lib/shortcuts";
import { IconAlertTriangle, IconSend, IconX } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import type { RichTextHandle } from "../../ui/RichText";
import { usePreference, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { isAddress, isBlank, missesAttachment, travelling } from "./compose";
import classes from "./compose.module.css";
import { MailEditor } from "./MailEditor";
import { useText } from "./text";
import { useUploads } from "./useUploads";

type Props = { inboxes: SendingAddress[]; onDone: (contactId: number | null) => void };

/** A mail that answers none: from one of our inboxes to whom it concerns. */
export function NewMail({ inboxes, onDone }: Props) {
  const { t, i18n } = useText();
  const { api, mailDesk } = useServices();
  const { busy, run } = useCommand();
  const shortcuts = usePreference((state) => state.shortcuts);
  const [keeper] = useState(
    () =>
      new DraftKeeper(
        {
          to: [],
          cc: [],
          bcc: [],
          subject: "",
          html: "",
          text: "",
          attachments: [],
          language: i18n.language,
          plain: false,
          version: 0,
        },
        null,
        // It belongs to no contact yet, so that there is no place on the server for its draft.
        { save: async (draft) => ({ version: draft.version, saved_at: "" }), load: async () => null },
      ),
  );
  const [inbox, setInbox] = useState(inboxes[0]?.inbox_id ?? "");
  const [note, setNote] = useState("");
  const [warning, setWarning] = useState<{ words: string; sure?: boolean } | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const handle = useRef<RichTextHandle | null>(null);
  const onKept = useCallback(
    (file: KeptFile) => {
      const { attachments } = keeper.store.getState().draft;
      keeper.change({ attachments: [...attachments, { ...file, inline_id: "" }] });
    },
    [keeper],
  );
  const uploads = useUploads(onKept);
  const onCanned = useCallback(() => undefined, []);

  async function send(sure = false) {
    const { draft } = keeper.store.getState();
    const wrong = [...draft.to, ...draft.cc, ...draft.bcc].find((each) => !isAddress(each));
    if (uploads.uploads.length > 0) return setWarning({ words: t("compose.wait_upload") });
    if (draft.to.length === 0) return setWarning({ words: t("compose.missing") });
    if (wrong) return setWarning({ words: t("compose.wrong", { address: wrong }) });
    if (!draft.subject.trim()) return setWarning({ words: t("compose.no_subject") });
    if (isBlank(draft)) return setWarning({ words: t("compose.no_text") });
    if (!sure && missesAttachment(draft))
      return setWarning({ words: t("compose.attachment_missing"), sure: true });
    let contact: number | null = null;
    const gone = await run(async () => {
      const travel = { ...draft, attachments: travelling(draft.attachments, draft.html) };
      const sent = await api.mail.write(inbox, travel, note, key);
      contact = sent.contact_id;
      const until = sent.undo_until;
      if (until)
        mailDesk.setState(({ undo }) => ({
          undo: [
            ...undo,
            {
              contactId: sent.contact_id,
              mailId: sent.mail_id,
              until,
              name: draft.to.join(", "),
              held: sent.state === "held",
            },
          ],
        }));
    });
    if (gone) onDone(contact);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (!event.currentTarget.contains(event.target as Node)) return; // a dialog's own keys
    if (shortcuts.off || chordOf(event.nativeEvent) !== keyOf("mail_send_next", shortcuts)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!busy) void send();
  }

  return (
    <section
      className={classes.composer}
      data-alone
      aria-label={t("compose.label_new")}
      onKeyDownCapture={onKeyDown}
    >
      <div className={classes.bar}>
        <h2>{t("act.new")}</h2>
        <button
          type="button"
          className={classes.icon}
          aria-label={t("compose.discard")}
          onClick={() => onDone(null)}
        >
          <IconX size={16} aria-hidden />
        </button>
      </div>
      <div className={`${classes.scroll} scroll`}>
        <MailEditor
          keeper={keeper}
          contactId={null}
          languages={["en", "fr"]}
          uploads={uploads}
          handle={handle}
          onCanned={onCanned}
          focusTo
          beforeSubject={
            <label className={classes.field}>
              <span>{t("compose.from")}</span>
              <select value={inbox} onChange={(event) => setInbox(event.currentTarget.value)}>
                {inboxes.map((each) => (
                  <option key={each.inbox_id} value={each.inbox_id}>
                    {each.name ? `${each.name} <${each.address}>` : each.address}
                  </option>
                ))}
              </select>
            </label>
          }
        />
      </div>
      <div className={classes.foot}>
        {warning ? (
          <div className={classes.warn} role="alert">
            <IconAlertTriangle size={16} aria-hidden />
            <span>{warning.words}</span>
            {warning.sure ? (
              <Button size="compact-sm" variant="default" onClick={() => void send(true)}>
                {t("compose.send_anyway")}
              </Button>
            ) : null}
          </div>
        ) : null}
        <div className={classes.sendRow}>
          <TextInput
            aria-label={t("compose.note")}
            placeholder={t("compose.note_placeholder")}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <span className={classes.sends}>
            <Button
              loading={busy}
              leftSection={<IconSend size={15} aria-hidden />}
              rightSection={<KeyHint action="mail_send_next" loud />}
              onClick={() => void send()}
            >
              {t("compose.send_only")}
            </Button>
          </span>
        </div>
      </div>
    </section>
  );
}
