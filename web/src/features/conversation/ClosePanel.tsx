import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../client/problem";
import type { MyContact } from "../../realtime/rows";
import { IconCheck } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { PickList } from "../../ui/PickList";
import { useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";

/** Without wrap-up time the chat has left his hands with the hanging up. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof Problem && ["not_your_contact", "unknown_contact"].includes(error.code)))
    throw error;
}

type Props = { contact: MyContact; over: boolean; onBack: () => void };

/** The closing reason and a note; before the end it closes the chat with them, so that nothing is left to do after it. */
export function ClosePanel({ contact, over, onBack }: Props) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [reason, setReason] = useState(contact.closing_reason_id ?? "");
  const [note, setNote] = useState(contact.note);
  const [insist, setInsist] = useState(false);
  const reasons = contact.closing_reasons;

  function finish(chosen = reason) {
    if (contact.closing_reason_required && reasons.length > 0 && !chosen) return setInsist(true);
    void run(async () => {
      // The reason goes first: should the visitor leave in the same instant, it is there.
      await api.wrapUp(contact.contact_id, chosen, note);
      if (over) return;
      await api.hangUp(contact.contact_id);
      await api.wrapUp(contact.contact_id, chosen, note).catch(ignoreGone);
    });
  }
  useShortcut("finish", () => finish(), !busy);
  return (
    <div className={classes.close}>
      <p className={classes.label} aria-live="polite" data-insist={insist || undefined}>
        {insist ? t("reason_first") : over ? t("phase_ended") : t("close_title")}
      </p>
      {reasons.length > 0 ? (
        <div className={classes.reasons}>
          <PickList
            label={t("close_reason")}
            placeholder={t("close_reason")}
            items={reasons.map(({ id, name }) => ({
              id,
              label: name,
              aside: id === reason ? <IconCheck size={16} aria-hidden /> : null,
            }))}
            chosen={reason || null}
            nothing={t("no_reasons")}
            autoFocus
            {...(over ? {} : { onEscape: onBack })}
            onPick={({ id }) => {
              setInsist(false);
              if (id === reason) finish(id);
              else setReason(id);
            }}
          />
        </div>
      ) : null}
      <Textarea
        aria-label={t("close_note")}
        placeholder={t("close_note")}
        value={note}
        rows={2}
        maxLength={2000}
        lang={contact.language}
        spellCheck
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={classes.row}>
        <Button loading={busy} rightSection={<KeyHint action="finish" loud />} onClick={() => finish()}>
          {t(over ? "finish" : "close_now")}
        </Button>
        {over ? null : (
          <Button variant="default" onClick={onBack}>
            {t("cancel")}
          </Button>
        )}
      </div>
    </div>
  );
}
