import { useTranslation } from "react-i18next";
import type { SipAccount } from "../../client/shapes";
import classes from "./seat.module.css";

/** What to type into a SIP phone. */
export function SipAccountCard({ account }: { account: SipAccount }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className={classes.account}>
        <dt>{t("seat.account_server")}</dt>
        <dd>
          {account.server}:{account.port}
        </dd>
        <dt>{t("seat.account_user")}</dt>
        <dd>{account.username}</dd>
        <dt>{t("seat.account_password")}</dt>
        <dd>{account.password}</dd>
      </dl>
      <p className={classes.faint}>{t("seat.account_note")}</p>
    </>
  );
}
