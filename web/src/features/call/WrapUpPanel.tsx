import { Button, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyContact } from "../../realtime/rows";
import { IconCheck } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { PickList } from "../../ui/PickList";
import { useServices, useShortcut } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import { nameOf } from "./CallCard";
import classes from "./call.module.css";

/** After the call: a closing reason by keys, a note, and on to the next. */
export function WrapUpPanel({ contact }: { contact: MyContact }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [reason, setReason] = useState(contact.closing_reason_id ?? "");
  const [note, setNote] = useState(contact.note);
  const [insist, setInsist] = useState(false);
  const noteField = useRef<HTMLTextAreaElement>(null);
  const hasReasons = contact.closing_reasons.length > 0;

  function finish(chosen = reason) {
    if (contact.closing_reason_required && hasReasons && !chosen) return setInsist(true);
    void run(() => api.wrapUp(contact.contact_id, chosen, note));
  }
  useShortcut("finish", () => finish(), !busy);
  useShortcut("note", () => noteField.current?.focus());

  return (
    <div className={classes.wrap}>
      <header className={classes.wrapHead}>
        <div className={classes.wrapWho}>
          <p className={classes.wrapPhase}>{t("call.wrap_up")}</p>
          <p className={classes.wrapOver}>{t("wrap.over")}</p>
          <p className={classes.wrapName}>{nameOf(contact, t("call.unknown"))}</p>
        </div>
        {contact.wrap_up_until ? (
          <Timer until={contact.wrap_up_until} className={classes.wrapTime} label={t("wrap.left")} />
        ) : (
          <Timer since={contact.since} className={classes.wrapTime} label={t("call.wrap_up")} />
        )}
      </header>
      {hasReasons ? (
        <div className={classes.reasons} data-insist={insist || undefined}>
          <p className={classes.label} aria-live="polite">
            {insist
              ? t("wrap.choose_first")
              : t(contact.closing_reason_required ? "wrap.reason_required" : "wrap.reason")}
          </p>
          <PickList
            label={t("wrap.reason")}
            placeholder={t("wrap.find")}
            items={contact.closing_reasons.map(({ id, name }) => ({
              id,
              label: name,
              aside: id === reason ? <IconCheck size={16} aria-hidden /> : null,
            }))}
            chosen={reason || null}
            nothing={t("wrap.nothing")}
            autoFocus
            onPick={({ id }) => {
              setInsist(false);
              if (id === reason) finish(id);
              else setReason(id);
            }}
          />
        </div>
      ) : null}
      <Textarea
        ref={noteField}
        aria-label={t("wrap.note")}
        placeholder={t("wrap.note_placeholder")}
        value={note}
        rows={2}
        maxLength={2000}
        lang={contact.language}
        spellCheck
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button
        size="md"
        loading={busy}
        rightSection={<KeyHint action="finish" loud />}
        onClick={() => finish()}
      >
        {t("wrap.finish")}
      </Button>
    </div>
  );
}
