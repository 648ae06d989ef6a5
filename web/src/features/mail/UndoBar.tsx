import { Button } from "@mantine/core";
import { useEffect } from "react";
import type { Undo } from "../../client/mail-desk";
import { IconSend } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { useMailDesk, useServices, useShortcut } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import classes from "./desk.module.css";
import { useText } from "./text";

/** What was just sent can be taken back for some seconds, also when the next mail is open already. */
export function UndoBar({ onRecalled }: { onRecalled: (contactId: number) => void }) {
  const { mailDesk, clock } = useServices();
  const undo = useMailDesk((state) => state.undo);
  const first = undo[0]?.until;
  useEffect(() => {
    if (!first) return;
    const timer = setTimeout(
      () =>
        mailDesk.setState(({ undo }) => ({
          undo: undo.filter((each) => Date.parse(each.until) > clock.now()),
        })),
      Math.max(0, Date.parse(first) - clock.now()) + 150,
    );
    return () => clearTimeout(timer);
  }, [first, mailDesk, clock]);
  const last = undo.at(-1);
  return last ? <Last key={last.mailId} undo={last} onRecalled={onRecalled} /> : null;
}

function Last({ undo, onRecalled }: { undo: Undo; onRecalled: (contactId: number) => void }) {
  const { t } = useText();
  const { api, mailDesk } = useServices();
  const { busy, run } = useCommand();
  const takeBack = async () => {
    const done = await run(() => api.mail.recall(undo.contactId, undo.mailId));
    mailDesk.setState((before) => ({ undo: before.undo.filter((each) => each.mailId !== undo.mailId) }));
    if (done) onRecalled(undo.contactId);
  };
  useShortcut("mail_undo", () => void takeBack(), !busy);
  return (
    <div className={classes.undo} role="status">
      <IconSend size={15} aria-hidden />
      <span>{t(undo.held ? "undo.held" : "undo.sent", { name: undo.name })}</span>
      <Timer until={undo.until} label={t("undo.left")} />
      <Button
        size="compact-md"
        variant="white"
        loading={busy}
        rightSection={<KeyHint action="mail_undo" />}
        onClick={() => void takeBack()}
      >
        {t("undo.take_back")}
      </Button>
    </div>
  );
}
