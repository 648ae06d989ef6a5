import { Button, Loader, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconAbc, IconX } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./answers.module.css";
import { offeredLanguages } from "./draft";

/** The company's own words, for each language: right wherever a text is checked. */
export function WordsButton() {
  const { t } = useTranslation("answers");
  const { t: common } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconAbc size={15} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("words")}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t("words")}
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        <Words />
      </Modal>
    </>
  );
}

function Words() {
  const { t, i18n } = useTranslation("answers");
  const { t: common } = useTranslation();
  const { spelling } = useServices().api;
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  const [language, setLanguage] = useState(i18n.language.slice(0, 2));
  const [word, setWord] = useState("");
  const key = ["spelling", "words", language];
  const found = useQuery({ queryKey: key, queryFn: () => spelling.words(language) });
  const change = (act: () => Promise<string[]>) => run(async () => queries.setQueryData(key, await act()));
  const names = new Intl.DisplayNames([i18n.language], { type: "language" });
  const wanted = word.trim();
  const shown = (found.data ?? []).filter((each) => each.toLowerCase().includes(wanted.toLowerCase()));
  async function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (wanted && (await change(() => spelling.add(language, wanted)))) setWord("");
  }
  return (
    <>
      <p className={classes.hint}>{t("words_hint")}</p>
      <NativeSelect
        label={t("words_language")}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value)}
        data={[...offeredLanguages].map((code) => ({ value: code, label: names.of(code) ?? code }))}
      />
      <form className={classes.wordForm} onSubmit={onSubmit}>
        <TextInput
          data-autofocus
          label={t("word")}
          maxLength={60}
          value={word}
          error={/\s/.test(wanted) ? t("word_one") : null}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={!wanted || /\s/.test(wanted)}>
          {t("word_add")}
        </Button>
      </form>
      {found.error ? <p role="alert">{sentenceOf(found.error, common)}</p> : null}
      {found.isPending ? <Loader size="sm" aria-label={common("app.loading")} /> : null}
      {found.data?.length === 0 ? <p className={classes.hint}>{t("words_none")}</p> : null}
      <ul className={`${classes.words} scroll`} lang={language}>
        {shown.map((each) => (
          <li key={each}>
            <span>{each}</span>
            <button
              type="button"
              aria-label={t("word_remove", { word: each })}
              title={t("word_remove", { word: each })}
              disabled={busy}
              onClick={() => void change(() => spelling.remove(language, each))}
            >
              <IconX size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
