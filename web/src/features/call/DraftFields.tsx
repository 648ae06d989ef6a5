import { NativeSelect, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyContact } from "../../realtime/rows";
import { IconCheck } from "../../ui/icons";
import { useServices } from "../../ui/services";
import classes from "./call.module.css";

const keepAfter = 1_500;

/** Closing reason and note while the call lasts: kept on the server as they are written, found again at wrap-up. */
export function DraftFields({ contact, focusNote }: { contact: MyContact; focusNote: boolean }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const [note, setNote] = useState(contact.note);
  const [reason, setReason] = useState(contact.closing_reason_id ?? "");
  const [kept, setKept] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useRef({ note, reason, saved: `${reason}\n${note}` });
  useEffect(() => {
    if (focusNote) field.current?.focus();
  }, [focusNote]);

  useEffect(() => {
    latest.current.note = note;
    latest.current.reason = reason;
    setKept(false);
    const keep = () => {
      const now = `${latest.current.reason}\n${latest.current.note}`;
      if (now === latest.current.saved) return;
      api.wrapUp(contact.contact_id, latest.current.reason, latest.current.note).then(
        () => {
          latest.current.saved = now;
          setKept(true);
        },
        () => undefined, // the wrap-up itself will say what is wrong; what was typed stays in the field
      );
    };
    const timer = setTimeout(keep, keepAfter);
    return () => clearTimeout(timer);
  }, [note, reason, api, contact.contact_id]);
  useEffect(
    () => () => {
      const { note: lastNote, reason: lastReason, saved } = latest.current;
      if (`${lastReason}\n${lastNote}` !== saved)
        api.wrapUp(contact.contact_id, lastReason, lastNote).catch(() => undefined);
    },
    [api, contact.contact_id],
  );

  return (
    <div className={classes.draft}>
      {contact.closing_reasons.length > 0 ? (
        <NativeSelect
          aria-label={t("wrap.reason")}
          data={[
            { value: "", label: t(contact.closing_reason_required ? "wrap.reason_required" : "wrap.reason") },
            ...contact.closing_reasons.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
      <div className={classes.noteBox}>
        <Textarea
          ref={field}
          aria-label={t("wrap.note")}
          placeholder={t("wrap.note_placeholder")}
          value={note}
          minRows={2}
          rows={2}
          maxLength={2000}
          lang={contact.language}
          spellCheck
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {kept ? (
          <span className={classes.kept} role="status">
            <IconCheck size={12} aria-hidden /> {t("wrap.kept")}
          </span>
        ) : null}
      </div>
    </div>
  );
}
