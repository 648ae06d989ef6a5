import type { i18n as I18n } from "i18next";
import { clockFace } from "../../lib/duration";

/** Seconds as a clock face, shares as percent, counts as they are; a dash for what has no value yet. */
export function figureText(value: number | null, unit: string, language: string): string {
  if (value === null || value === undefined) return "–";
  if (unit === "seconds") return clockFace(value);
  if (unit === "share")
    return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value);
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

export function figureWords(i18n: I18n, figure: { id: string; name: string; definition: string }) {
  const bundle = i18n.getResource(i18n.language, "figures", figure.id) as
    | { name: string; definition: string }
    | undefined;
  return bundle ?? { name: figure.name, definition: figure.definition };
}
