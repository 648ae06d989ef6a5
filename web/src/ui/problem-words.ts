import type { TFunction } from "i18next";
import i18next from "i18next";
import { Problem } from "../client/problem";

const translatedParams = { seat: "seat", state: "state", phone: "phone_kind" } as const;

/** The sentence for a refusal, in the person's language; the server's own words where we have none. */
export function sentenceOf(error: unknown, t: TFunction): string {
  if (!(error instanceof Problem)) return t("problem.unexpected");
  const params: Record<string, unknown> = { ...error.params };
  for (const [name, group] of Object.entries(translatedParams)) {
    const key = `${group}.${String(params[name])}`;
    if (params[name] !== undefined && i18next.exists(key)) params[name] = t(key as "state.ready");
  }
  if (typeof params.retry_after_seconds === "number" || typeof params.retry_after_seconds === "string")
    params.minutes = Math.max(1, Math.ceil(Number(params.retry_after_seconds) / 60));
  const key = `problem.${error.code}`;
  if (i18next.exists(key)) return t(key as "problem.unexpected", params);
  return error.detail || error.title || t("problem.unexpected");
}
