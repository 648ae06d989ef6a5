import { Alert, Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desktop, PhoneChoice } from "../../client/shapes";
import { remembered } from "../../lib/remembered";
import { sentenceOf } from "../../ui/problem-words";
import { desktopKey, useServices } from "../../ui/services";
import { PhoneChoiceFields } from "./PhoneChoiceFields";
import { SipAccountCard } from "./SipAccountCard";
import classes from "./seat.module.css";

/** The same choice as at log-in, from the desktop. */
export function PhoneDialog({
  desktop,
  opened,
  onClose,
}: {
  desktop: Desktop;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { api } = useServices();
  const queries = useQueryClient();
  const [phone, setPhone] = useState<PhoneChoice>({
    kind: desktop.phone?.kind ?? "browser",
    address: desktop.phone?.kind === "number" ? desktop.phone.address : "",
  });
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    setError(null);
    try {
      await api.choosePhone(phone);
      remembered.set("phone", phone);
      await queries.invalidateQueries({ queryKey: desktopKey });
      if (phone.kind !== "sip") onClose();
    } catch (problem) {
      setError(sentenceOf(problem, t));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("seat.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <div className={classes.form}>
        <PhoneChoiceFields offered={desktop.phones_offered} value={phone} onChange={setPhone} />
        {phone.kind === "sip" && desktop.sip_account ? (
          <SipAccountCard account={desktop.sip_account} />
        ) : null}
        {error ? (
          <Alert color="red" variant="light" className={classes.alert} role="alert">
            {error}
          </Alert>
        ) : null}
        <Button onClick={save} loading={busy}>
          {t("app.save")}
        </Button>
      </div>
    </Modal>
  );
}
