import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../../lib/locale";
import { useServices } from "../../ui/services";

/** "14:02" for today, "yesterday 14:02", else with the date. */
export function useInstant(): (instant: string) => string {
  const { t, i18n } = useTranslation();
  const { clock } = useServices();
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(localeOf(i18n.language), { hour: "2-digit", minute: "2-digit" });
    const date = new Intl.DateTimeFormat(localeOf(i18n.language), { day: "numeric", month: "short" });
    return (instant) => {
      const at = new Date(instant);
      const midnight = new Date(clock.now()).setHours(0, 0, 0, 0);
      const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - midnight) / 86_400_000);
      if (days === 0) return time.format(at);
      if (days === -1) return `${t("contacts.yesterday")} ${time.format(at)}`;
      return `${date.format(at)} ${time.format(at)}`;
    };
  }, [t, i18n.language, clock]);
}
