import { Button, Loader, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnswerLine } from "../../client/answers-api";
import { IconClockX, IconPaperclip, IconPlus, IconSearch } from "../../ui/icons";
import classes from "./answers.module.css";

type Props = {
  rows: AnswerLine[];
  chosen: string | null;
  text: string;
  everything: boolean;
  busy: boolean;
  pending: boolean;
  onText: (text: string) => void;
  onEverything: (everything: boolean) => void;
  onOpen: (answerId: string) => void;
  onNew: () => void;
};

export function AnswerList({ rows, chosen, text, everything, busy, pending, ...on }: Props) {
  const { t } = useTranslation(["answers", "translation"]);
  return (
    <section className={classes.list} aria-label={t("title")}>
      <div className={classes.listHead}>
        <TextInput
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={15} aria-hidden />}
          rightSection={busy ? <Loader size={14} aria-label={t("translation:app.loading")} /> : null}
          value={text}
          onChange={(event) => on.onText(event.currentTarget.value)}
        />
        <Switch
          size="xs"
          label={t("everything")}
          checked={everything}
          onChange={(event) => on.onEverything(event.currentTarget.checked)}
        />
        <Button size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={on.onNew}>
          {t("new_answer")}
        </Button>
      </div>
      <ul className={`${classes.rows} scroll`}>
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className={classes.row}
              aria-current={row.id === chosen ? "true" : undefined}
              onClick={() => on.onOpen(row.id)}
            >
              <b lang={row.language}>{row.title}</b>
              <span className={classes.beginning} lang={row.language}>
                {row.beginning}
              </span>
              <small className={classes.marks}>
                {row.short_name ? <code>/{row.short_name}</code> : null}
                <span>{row.languages.join(" · ").toUpperCase()}</span>
                {row.attachments > 0 ? (
                  <span>
                    <IconPaperclip size={12} aria-label={t("attachments")} /> {row.attachments}
                  </span>
                ) : null}
                {row.figures.used > 0 ? <span>{t("times", { count: row.figures.used })}</span> : null}
                {row.valid_now ? null : (
                  <span className={classes.notValid}>
                    <IconClockX size={12} aria-hidden /> {t("not_valid")}
                  </span>
                )}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {rows.length === 0 && !pending ? (
        <p className={classes.faint}>{t(text.trim() ? "none_found" : "none")}</p>
      ) : null}
    </section>
  );
}
