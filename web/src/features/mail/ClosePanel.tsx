import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Thread } from "../../client/mail-shapes";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import type { PanelProps } from "./Panels";
import { useText } from "./text";
import classes from "./thread.module.css";

/** Ends a contact that needs no answer, with its reason. */
export function ClosePanel({ contactId, thread, onDone }: PanelProps & { thread: Thread }) {
  const { t, common } = useText();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [reason, setReason] = useState(thread.contact.closing_reason?.id ?? "");
  const [note, setNote] = useState("");
  const [insist, setInsist] = useState(false);
  const reasons = thread.closing_reasons ?? [];
  async function close() {
    if (thread.closing_reason_required && reasons.length > 0 && !reason) return setInsist(true);
    const done = await run(async () => {
      await api.wrapUp(contactId, reason, note);
      if (!thread.can.includes("hang_up")) return;
      await api.hangUp(contactId);
      // Where the queue has a wrap-up, it is done with; where not, there is none left to finish.
      await api.wrapUp(contactId, reason, note).catch(() => undefined);
    });
    if (done) onDone(true);
  }
  return (
    <form
      className={classes.panel}
      aria-label={t("act.close")}
      onSubmit={(event) => {
        event.preventDefault();
        void close();
      }}
    >
      {reasons.length > 0 ? (
        <NativeSelect
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          label={t("compose.reason")}
          value={reason}
          error={insist ? t("compose.reason_first") : undefined}
          onChange={(event) => {
            setInsist(false);
            setReason(event.currentTarget.value);
          }}
          data={[
            { value: "", label: t("compose.reason_choose") },
            ...reasons.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      ) : null}
      <Textarea
        label={t("compose.note")}
        placeholder={t("compose.note_placeholder")}
        rows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={classes.panelActs}>
        <Button type="submit" loading={busy}>
          {t("act.close_now")}
        </Button>
        <Button variant="default" onClick={() => onDone(false)}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
