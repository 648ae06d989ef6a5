import { useTranslation } from "react-i18next";
import { IconPhone } from "../../ui/icons";
import { useContactAtHand, useMyAgent } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import { CallPanel } from "./CallPanel";
import classes from "./call.module.css";
import { DialPanel } from "./DialPanel";
import { LineBadge } from "./LineBadge";
import { LineNotices } from "./LineNotices";
import { WrapUpPanel } from "./WrapUpPanel";

/** Call Management: the offered call, the call, what is left to do after it, or the dial pad. */
export function CallWidget() {
  const { t } = useTranslation();
  const contact = useContactAtHand();
  const agent = useMyAgent();
  return (
    <WidgetFrame title={t("call.title")} icon={IconPhone} badge={<LineBadge />}>
      <div className={classes.column}>
        <LineNotices />
        {agent === null ? (
          // Nothing is shown that the server has not said yet.
          <p className={classes.faint}>{t("live.connecting")}</p>
        ) : contact === null ? (
          <DialPanel />
        ) : contact.phase === "wrap_up" ? (
          <WrapUpPanel key={contact.contact_id} contact={contact} />
        ) : (
          <CallPanel key={contact.contact_id} contact={contact} />
        )}
      </div>
    </WidgetFrame>
  );
}
