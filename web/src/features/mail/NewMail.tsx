import { Button, TextInput } from "@mantine/core";
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { useStore } from "zustand";
import type { NewMailAtHand } from "../../client/mail-desk";
import type { Draft, KeptFile, OutgoingAddress } from "../../client/mail-shapes";
import { chordOf, keyOf } from "../../lib/shortcuts";
import { IconAlertTriangle, IconSend, IconTrash, IconX } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import type { RichTextHandle } from "../../ui/RichText";
import { usePreference, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { editedShare, isAddress, isBlank, missesAttachment, resigned, travelling, unfilled } from "./compose";
import classes from "./compose.module.css";
import { Conflict, DraftStatus } from "./DraftBar";
import { type Canned, MailEditor } from "./MailEditor";
import { useText } from "./text";
import { useNewMail } from "./useNewMail";
import { useUploads } from "./useUploads";

type Props = { id: string; inboxes: OutgoingAddress[]; onDone: (contactId: number | null) => void };

const unsigned = { html: "", text: "" };

/** A mail that answers none: from one of our inboxes to whom it concerns. Its draft lies on the server. */
export function NewMail({ id, inboxes, onDone }: Props) {
  const { t } = useText();
  const { at, failed, load, renew } = useNewMail(id);
  if (at) return <Writing at={at} inboxes={inboxes} renew={renew} onDone={onDone} />;
  return (
    <section className={classes.composer} data-alone aria-label={t("compose.label_new")}>
      <div className={classes.bar}>
        <h2>{t("act.new")}</h2>
        <Close label={t("side.hide")} onClick={() => onDone(null)} />
      </div>
      {failed ? (
        <div className={classes.warn} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <span>{t(failed === "gone" ? "compose.conflict_gone" : "drafts.away")}</span>
          {failed === "away" ? (
            <Button size="compact-sm" onClick={() => void load()}>
              {t("aside.retry")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function Close({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={classes.icon} aria-label={label} title={label} onClick={onClick}>
      <IconX size={16} aria-hidden />
    </button>
  );
}

type WritingProps = Omit<Props, "id"> & { at: NewMailAtHand; renew: () => Promise<void> };

function Writing({ at, inboxes, renew, onDone }: WritingProps) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const { keeper } = at;
  const draft = useStore(keeper.store, (state) => state.draft);
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
  const onCanned = useCallback((each: Canned) => setCanned((before) => [...before, each]), []);
  const inbox = inboxes.find((each) => each.inbox_id === draft.inbox_id) ?? inboxes[0];
  const sending = useSendNew(at, inbox, { canned, uploading: uploads.uploads.length > 0, onDone });
  const keys = useSendKey(sending.send, sending.busy);
  const forget = () => {
    mailDesk.newMails.delete(at.id);
    onDone(null);
  };
  const signAs = (inboxId: string) => {
    const next = inboxes.find((each) => each.inbox_id === inboxId);
    const change = resigned(draft, inbox?.signature ?? unsigned, next?.signature ?? unsigned);
    if (change) keeper.replace({ ...change, inbox_id: inboxId });
    else keeper.change({ inbox_id: inboxId });
  };

  return (
    <section
      className={classes.composer}
      data-alone
      aria-label={t("compose.label_new")}
      onKeyDownCapture={keys}
    >
      <div className={classes.bar}>
        <h2>{t("act.new")}</h2>
        <DraftStatus keeper={keeper} />
        <span className={classes.barActs}>
          <button
            type="button"
            className={classes.icon}
            aria-label={t("compose.discard")}
            title={t("compose.discard")}
            onClick={async () => {
              await keeper.end();
              await api.mail.dropNewDraft(at.id).catch(() => undefined);
              forget();
            }}
          >
            <IconTrash size={15} aria-hidden />
          </button>
          <Close
            label={t("compose.close_kept")}
            onClick={async () => {
              await keeper.flush();
              onDone(null);
            }}
          />
        </span>
      </div>
      <Conflict keeper={keeper} onKeep={renew} onGone={forget} />
      <div className={`${classes.scroll} scroll`}>
        <MailEditor
          keeper={keeper}
          contactId={null}
          languages={[...new Set(["en", "fr", ...inboxes.map((each) => each.language)])].filter(Boolean)}
          uploads={uploads}
          handle={handle}
          onCanned={onCanned}
          focusTo={draft.to.length === 0}
          focusText={draft.to.length > 0}
          beforeSubject={
            <label className={classes.field}>
              <span>{t("compose.from")}</span>
              <select value={inbox?.inbox_id ?? ""} onChange={(event) => signAs(event.currentTarget.value)}>
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
        {sending.warning ? (
          <div className={classes.warn} role="alert">
            <IconAlertTriangle size={16} aria-hidden />
            <span>{sending.warning.words}</span>
            {sending.warning.sure ? (
              <Button size="compact-sm" variant="default" onClick={() => void sending.send(true)}>
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
            value={draft.note ?? ""}
            onChange={(event) => keeper.change({ note: event.currentTarget.value })}
          />
          <span className={classes.sends}>
            <Button
              loading={sending.busy}
              leftSection={<IconSend size={15} aria-hidden />}
              rightSection={<KeyHint action="mail_send_next" loud />}
              onClick={() => void sending.send()}
            >
              {t("compose.send_only")}
            </Button>
          </span>
        </div>
      </div>
    </section>
  );
}

type With = { canned: Canned[]; uploading: boolean; onDone: (contactId: number | null) => void };

/** Looks the mail over and sends it once: its draft's id is the key, also of a second try. */
function useSendNew(
  at: NewMailAtHand,
  inbox: OutgoingAddress | undefined,
  { canned, uploading, onDone }: With,
) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const { busy, run } = useCommand();
  const [warning, setWarning] = useState<{ words: string; sure?: boolean } | null>(null);

  function objection(draft: Draft, sure: boolean): { words: string; sure?: boolean } | null {
    const wrong = [...draft.to, ...draft.cc, ...draft.bcc].find((each) => !isAddress(each));
    if (uploading) return { words: t("compose.wait_upload") };
    if (draft.to.length === 0) return { words: t("compose.missing") };
    if (wrong) return { words: t("compose.wrong", { address: wrong }) };
    if (!draft.subject.trim()) return { words: t("compose.no_subject") };
    if (isBlank(draft, inbox?.signature.text)) return { words: t("compose.no_text") };
    if (sure) return null;
    const missing = unfilled(draft).join(", ");
    if (missing) return { words: t("compose.unfilled", { names: missing }), sure: true };
    if (missesAttachment(draft, inbox?.signature.text))
      return { words: t("compose.attachment_missing"), sure: true };
    return null;
  }

  async function send(sure = false) {
    const bad = objection(at.keeper.store.getState().draft, sure);
    setWarning(bad);
    if (bad) return;
    await at.keeper.end();
    const { draft } = at.keeper.store.getState();
    let contact: number | null = null;
    const gone = await run(async () => {
      const travel = { ...draft, attachments: travelling(draft.attachments, draft.html) };
      const sent = await api.mail.write({ ...travel, inbox_id: inbox?.inbox_id ?? "" }, at.id);
      contact = sent.contact_id;
      const until = sent.undo_until;
      const one = { contactId: sent.contact_id, mailId: sent.mail_id, name: draft.to.join(", ") };
      if (until)
        mailDesk.setState(({ undo }) => ({
          undo: [...undo, { ...one, until, held: sent.state === "held" }],
        }));
      for (const each of canned)
        api.mail
          .used(each.answerId, sent.contact_id, editedShare(each.text, draft.text), true)
          .catch(() => undefined);
    });
    if (!gone) {
      at.keeper.revive();
      at.keeper.change({}); // saved once more: when it was sent elsewhere, the answer says so
      return;
    }
    mailDesk.newMails.delete(at.id);
    onDone(contact);
  }
  return { busy, warning, send };
}

function useSendKey(send: () => Promise<void>, busy: boolean) {
  const shortcuts = usePreference((state) => state.shortcuts);
  return (event: KeyboardEvent) => {
    if (!event.currentTarget.contains(event.target as Node)) return; // a dialog's own keys
    if (shortcuts.off || event.repeat) return;
    if (chordOf(event.nativeEvent) !== keyOf("mail_send_next", shortcuts)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!busy) void send();
  };
}
