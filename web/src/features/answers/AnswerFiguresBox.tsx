import { useTranslation } from "react-i18next";
import type { LibraryAnswer } from "../../client/answers-api";
import classes from "./answers.module.css";

/** How often it has served, and how well. */
export function AnswerFiguresBox({ answer }: { answer: LibraryAnswer }) {
  const { t, i18n } = useTranslation("answers");
  const { figures } = answer;
  const instant = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const share = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const rows: [string, string][] = [
    [t("used"), String(figures.used)],
    [t("sent"), String(figures.sent)],
    [t("success"), String(figures.success)],
    [t("kept"), figures.kept_ratio === null ? "–" : share.format(figures.kept_ratio)],
    [t("last_used"), figures.last_used_at ? instant.format(new Date(figures.last_used_at)) : t("never")],
  ];
  return (
    <section className={classes.box} aria-label={t("figures")}>
      <h2>{t("figures")}</h2>
      <dl className={classes.figures}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.faint}>
        {t("changed", {
          version: answer.version,
          when: instant.format(new Date(answer.changed_at)),
          who: answer.changed_by,
        })}
      </p>
    </section>
  );
}
