import { Button, Loader, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { HeldAnswer, ThreadMail } from "../../client/mail-shapes";
import { type RichContent, RichText } from "../../ui/RichText";
import { htmlOfText } from "../../ui/rich-text/plain";
import { useServices } from "../../ui/services";
import { Changes } from "./Changes";
import { useText } from "./text";
import classes from "./validation.module.css";

type CorrectionProps = {
  held: HeldAnswer;
  answer: ThreadMail;
  busy: boolean;
  onSend: (corrected: { html: string; text: string; subject: string; remark: string }) => void;
  onCancel: () => void;
};

/** The answer in an editor, and below it what has become of each word. */
export function Correction({ held, answer, busy, onSend, onCancel }: CorrectionProps) {
  const { t, common } = useText();
  const { api } = useServices();
  const [now, setNow] = useState<RichContent | null>(null);
  const [original, setOriginal] = useState<string | null>(answer.has_html ? null : "");
  const [remark, setRemark] = useState("");
  useEffect(() => {
    if (!answer.has_html) return;
    let gone = false;
    fetch(api.mail.htmlPath(answer.id, true), { credentials: "same-origin" })
      .then((response) => response.text())
      .then((html) => {
        const { body } = new DOMParser().parseFromString(html, "text/html");
        withoutQuoted(body, answer.quoted_text);
        if (!gone) setOriginal(body.innerHTML);
      })
      .catch(() => !gone && setOriginal(""));
    return () => {
      gone = true;
    };
  }, [api, answer.id, answer.has_html, answer.quoted_text]);
  if (original === null) return <Loader size="sm" aria-label={common("app.loading")} />;
  const changed = now !== null && now.text !== answer.text;
  return (
    <>
      <RichText
        label={t("validation.correct")}
        initial={original || htmlOfText(answer.text)}
        language={answer.language}
        autoFocus
        onChange={setNow}
      />
      <h3>{t("validation.changes")}</h3>
      <Changes before={answer.text} after={now?.text ?? answer.text} />
      <Textarea
        label={t("validation.remark", { name: held.agent?.name ?? "" })}
        rows={2}
        maxLength={1000}
        value={remark}
        onChange={(event) => setRemark(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button
          loading={busy}
          disabled={!changed}
          onClick={() => now && onSend({ ...now, subject: answer.subject, remark: remark.trim() })}
        >
          {t("validation.send_corrected")}
        </Button>
        <Button variant="default" disabled={busy} onClick={onCancel}>
          {common("app.cancel")}
        </Button>
      </div>
    </>
  );
}

/** The server puts the quoted mail and the line above it below what was corrected again. */
function withoutQuoted(body: HTMLElement, quotedText: string) {
  const quoted = body.querySelector(":scope > blockquote:last-of-type");
  if (!quoted || !quotedText) return;
  const above = quoted.previousElementSibling;
  if (above?.textContent?.trim() === quotedText.split("\n")[0]?.trim()) above?.remove();
  quoted.remove();
}

type RemarkProps = { name: string; busy: boolean; onSend: (remark: string) => void; onCancel: () => void };

/** Why an answer goes back. */
export function Remark({ name, busy, onSend, onCancel }: RemarkProps) {
  const { t, common } = useText();
  const [remark, setRemark] = useState("");
  const [missing, setMissing] = useState(false);
  return (
    <form
      className={classes.remark}
      onSubmit={(event) => {
        event.preventDefault();
        if (remark.trim()) onSend(remark.trim());
        else setMissing(true);
      }}
    >
      <Textarea
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        label={t("validation.remark", { name })}
        rows={2}
        maxLength={1000}
        value={remark}
        error={missing ? t("validation.remark_missing") : undefined}
        onChange={(event) => {
          setMissing(false);
          setRemark(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      <div className={classes.acts}>
        <Button type="submit" loading={busy}>
          {t("validation.send_back")}
        </Button>
        <Button variant="default" disabled={busy} onClick={onCancel}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
