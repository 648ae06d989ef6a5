import type { i18n as I18n } from "i18next";
import { clockFace } from "../lib/duration";

/** Seconds as a clock face, shares as percent, counts as they are; a dash for what has no value yet. */
export function figureText(value: number | null | undefined, unit: string, language: string): string {
  if (value === null || value === undefined) return "–";
  if (unit === "seconds") return clockFace(value);
  if (unit === "share")
    return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value);
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

type Words = { name: string; definition: string };

/** `days`: the N of the First Contact Ratio, which the server has written into its own text. */
export function figureWords(i18n: I18n, figure: { id: string } & Words, days = 7): Words {
  const bundle = i18n.getResource(i18n.language, "figures", figure.id) as Words | undefined;
  if (!bundle) return { name: figure.name, definition: figure.definition };
  return { name: bundle.name, definition: bundle.definition.replace("{{days}}", String(days)) };
}
