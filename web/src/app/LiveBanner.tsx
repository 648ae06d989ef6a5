import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { localeOf } from "../lib/locale";
import { IconWifiOff } from "../ui/icons";
import { useLive, useServices } from "../ui/services";
import { Timer } from "../ui/Timer";
import classes from "./Shell.module.css";

/** Says that what is shown is old, how old, and when the next attempt is. */
export function LiveBanner() {
  const { t, i18n } = useTranslation();
  const { live } = useServices();
  const { status, asOf, retryAt } = useLive(({ status, asOf, retryAt }) => ({
    status,
    // While live the clock moves every few seconds: the banner does not care.
    asOf: status === "away" ? asOf : 0,
    retryAt,
  }));
  if (status !== "away") return <div role="status" />;
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), { timeStyle: "medium" }).format(
    new Date(asOf),
  );
  return (
    <div role="status" className={classes.banner}>
      <IconWifiOff size={16} aria-hidden />
      <span>{t("live.away", { time })}</span>
      <span className={classes.next}>
        {t("live.next_try")} <Timer until={retryAt} />
      </span>
      <Button size="compact-sm" color="dark" variant="outline" onClick={() => live.hurry()}>
        {t("live.try_now")}
      </Button>
    </div>
  );
}
