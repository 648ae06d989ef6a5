import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Choices, FigurePart, FigureRow } from "../../client/figures-api";
import { localeOf } from "../../lib/locale";
import { figureText, figureWords } from "../../ui/figure-words";
import { times as inTime } from "./question";

/** The page's own words, the words of every screen, and how times are written by the customer's clock. */
export function useText(timeZone = "UTC") {
  const { t, i18n } = useTranslation("statistics");
  const { t: common } = useTranslation();
  const language = i18n.language;
  return useMemo(() => {
    const locale = localeOf(language);
    const form = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone, ...options });
    const hour = form({ hour: "2-digit", minute: "2-digit" });
    const second = form({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const day = form({ weekday: "short", day: "numeric", month: "short" });
    const short = form({ day: "numeric", month: "short" });
    const full = form({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const month = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year: "numeric" });
    return {
      t,
      common,
      language,
      locale,
      second: (at: string) => second.format(new Date(at)),
      hour: (at: string) => hour.format(new Date(at)),
      day: (at: string) => day.format(new Date(at)),
      short: (at: string) => short.format(new Date(at)),
      full: (at: string) => full.format(new Date(at)),
      month: (each: string) => month.format(new Date(`${each}-01T00:00:00Z`)),
      value: (value: number | null | undefined, unit: string) => figureText(value, unit, locale),
      words: (figure: FigureRow, days?: number) => figureWords(i18n, figure, days),
      number: (value: number) => new Intl.NumberFormat(locale).format(value),
    };
  }, [t, common, i18n, language, timeZone]);
}
export type Text = ReturnType<typeof useText>;

/** What a part is called. Hours say their day where there are several. */
export function partName(text: Text, by: string, part: FigurePart, oneDay: boolean): string {
  if (!inTime.some((each) => each === by)) {
    if (by === "channel" && (part.id === "voice" || part.id === "email" || part.id === "chat"))
      return text.t(`channels.${part.id}`);
    return part.name || text.t("none");
  }
  if (part.id === "earlier") return text.t("earlier");
  if (by === "day") return text.day(part.since);
  return oneDay ? text.hour(part.since) : text.full(part.since);
}

export type Named = Pick<
  Choices,
  "spaces" | "queues" | "skills" | "groups" | "agents" | "entry_points" | "reasons"
>;
