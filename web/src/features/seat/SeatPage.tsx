import { Alert, Button, SegmentedControl } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desktop, PhoneChoice, SeatHeld, SeatKind, SipAccount } from "../../client/shapes";
import { remembered } from "../../lib/remembered";
import { IconAlertCircle } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { PhoneChoiceFields } from "./PhoneChoiceFields";
import { SipAccountCard } from "./SipAccountCard";
import classes from "./seat.module.css";

type Props = {
  desktop: Desktop;
  onSeated: (grant: SeatHeld) => void;
  onLogOut: () => void;
};

/** Between the log-in and the desktop: which seat, and where calls reach the agent. */
export function SeatPage({ desktop, onSeated, onLogOut }: Props) {
  const { t } = useTranslation();
  const { api } = useServices();
  const offered = desktop.phones_offered;
  const kept = remembered.get<PhoneChoice>("phone");
  const [phone, setPhone] = useState<PhoneChoice>(
    kept && offered.includes(kept.kind) ? kept : { kind: offered[0] ?? "browser", address: "" },
  );
  const seats = desktop.seats_offered.filter((seat) => seat.subscribed > 0);
  const [seat, setSeat] = useState<SeatKind>(seats[0]?.seat ?? "voice");
  const speaks = ["voice", "multimedia", "omnichannel"].includes(seat);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [account, setAccount] = useState<{ grant: SeatHeld; sip: SipAccount } | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (speaks && phone.kind === "number" && !phone.address.trim()) return setMissing(true);
    setBusy(true);
    setError(null);
    try {
      const grant = await api.takeSeat(seat, speaks ? phone : null);
      if (speaks) remembered.set("phone", phone);
      if (grant.sip_account) setAccount({ grant, sip: grant.sip_account });
      else onSeated(grant);
    } catch (problem) {
      setError(sentenceOf(problem, t));
    } finally {
      setBusy(false);
    }
  }

  if (account)
    return (
      <main className={classes.card}>
        <h1 className={classes.title}>{t("seat.account_title")}</h1>
        <SipAccountCard account={account.sip} />
        <Button size="md" fullWidth mt={16} onClick={() => onSeated(account.grant)}>
          {t("seat.account_done")}
        </Button>
      </main>
    );

  return (
    <main className={classes.card}>
      <p className={classes.hello}>{t("seat.hello", { name: desktop.agent?.name ?? desktop.person.name })}</p>
      <h1 className={classes.title}>{t(speaks ? "seat.title" : "seat.title_written")}</h1>
      <form onSubmit={submit} className={classes.form}>
        {seats.length > 1 ? (
          <SegmentedControl
            fullWidth
            value={seat}
            onChange={(value) => setSeat(value as SeatKind)}
            aria-label={t("seat.kind")}
            data={seats.map((each) => ({ value: each.seat, label: t(`seat.${each.seat}`) }))}
          />
        ) : null}
        {speaks ? (
          <PhoneChoiceFields
            offered={offered}
            value={phone}
            onChange={(value) => {
              setPhone(value);
              setMissing(false);
            }}
            error={missing ? t("seat.number_missing") : null}
          />
        ) : (
          <p className={classes.faint}>{t("seat.no_phone")}</p>
        )}
        {desktop.held_elsewhere ? <p className={classes.faint}>{t("seat.elsewhere")}</p> : null}
        <div className={classes.alertSlot}>
          {error ? (
            <Alert
              color="red"
              variant="light"
              icon={<IconAlertCircle size={18} aria-hidden />}
              className={classes.alert}
            >
              {error}
            </Alert>
          ) : null}
        </div>
        <Button type="submit" size="md" loading={busy} fullWidth>
          {t("seat.start")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onLogOut}>
          {t("app.log_out")}
        </Button>
      </form>
    </main>
  );
}
