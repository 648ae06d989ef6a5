import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { clockFace } from "../../lib/duration";
import type { MyContact } from "../../realtime/rows";
import { KeyHint } from "../../ui/KeyHint";
import { useServices, useShortcut } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";
import { visitorName } from "./names";

/** A chat that is offered: who it is and what was said so far in a word, and two keys. */
export function OfferPanel({ contact }: { contact: MyContact }) {
  const { t } = useTranslation("conversation");
  const { api } = useServices();
  const { busy, run } = useCommand();
  const accept = () => void run(() => api.accept(contact.contact_id));
  const decline = () => void run(() => api.decline(contact.contact_id));
  useShortcut("answer", accept, !busy);
  useShortcut("decline", decline, !busy);
  return (
    <section className={classes.offer} aria-label={t("offered")}>
      <p className={classes.faint}>{t("offered")}</p>
      <h3>{visitorName(contact, t)}</h3>
      <p>{[contact.queue?.name, contact.language.toUpperCase()].filter(Boolean).join(" · ")}</p>
      {contact.earlier_id ? <p>{t("earlier")}</p> : null}
      {contact.waited_seconds ? <p>{t("waited", { time: clockFace(contact.waited_seconds) })}</p> : null}
      <p>
        {t("left")} <Timer until={contact.ring_until} className={classes.late} />
      </p>
      <div className={classes.row}>
        <Button loading={busy} rightSection={<KeyHint action="answer" loud />} onClick={accept}>
          {t("accept")}
        </Button>
        <Button
          variant="default"
          disabled={busy}
          rightSection={<KeyHint action="decline" />}
          onClick={decline}
        >
          {t("decline")}
        </Button>
      </div>
    </section>
  );
}
