import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../../lib/locale";
import { useServices } from "../../ui/services";

/** The mail desk's own words, the words of every screen, and the person's way to write times. */
export function useText() {
  const { t, i18n } = useTranslation("mail");
  const { t: common } = useTranslation();
  const { clock } = useServices();
  const language = i18n.language;
  const times = useMemo(() => {
    const locale = localeOf(language);
    const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
    const second = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const date = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
    const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
    const names = new Intl.DisplayNames([locale], { type: "language" });
    return {
      locale,
      /** "14:02" today, else with the day, else with the year. */
      instant: (at: string) => {
        const then = new Date(at);
        const midnight = new Date(clock.now()).setHours(0, 0, 0, 0);
        const days = Math.round((new Date(then).setHours(0, 0, 0, 0) - midnight) / 86_400_000);
        if (days === 0) return time.format(then);
        return Math.abs(days) < 200 ? `${date.format(then)} ${time.format(then)}` : year.format(then);
      },
      clockTime: (at: string | Date) => time.format(new Date(at)),
      clockSeconds: (at: string) => second.format(new Date(at)),
      languageName: (code: string) => {
        try {
          return code ? (names.of(code) ?? code) : "";
        } catch {
          return code;
        }
      },
    };
  }, [language, clock]);
  return { t, common, i18n, ...times };
}
export type Text = ReturnType<typeof useText>;
