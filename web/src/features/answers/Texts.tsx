import { ActionIcon, Button, Menu, Modal, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnswerText } from "../../client/answers-api";
import { IconEye, IconPlus, IconX } from "../../ui/icons";
import { RichText, type RichTextHandle } from "../../ui/RichText";
import classes from "./answers.module.css";
import { emptyText, offeredLanguages, previewPage, variables } from "./draft";
import { languageName } from "./words";

type TextsByLanguage = Record<string, AnswerText>;
type Props = { texts: TextsByLanguage; onChange: (texts: TextsByLanguage) => void };

/** The answer's languages side by side. */
export function Texts({ texts, onChange }: Props) {
  const { t, i18n } = useTranslation("answers");
  const languages = Object.keys(texts).sort();
  const more = offeredLanguages.filter((language) => !(language in texts));
  return (
    <section aria-label={t("languages")}>
      <div className={classes.texts}>
        {languages.map((language) => (
          <OneText
            key={language}
            language={language}
            text={texts[language] ?? emptyText}
            onChange={(text) => onChange({ ...texts, [language]: text })}
            onRemove={
              languages.length > 1
                ? () =>
                    onChange(Object.fromEntries(Object.entries(texts).filter(([each]) => each !== language)))
                : null
            }
          />
        ))}
      </div>
      {more.length ? (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />}>
              {t("add_language")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map((language) => (
              <Menu.Item key={language} onClick={() => onChange({ ...texts, [language]: emptyText })}>
                {languageName(language, i18n.language)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </section>
  );
}

type OneProps = {
  language: string;
  text: AnswerText;
  onChange: (text: AnswerText) => void;
  onRemove: (() => void) | null;
};

function OneText({ language, text, onChange, onRemove }: OneProps) {
  const { t, i18n } = useTranslation(["answers", "translation"]);
  const editor = useRef<RichTextHandle>(null);
  const [shown, setShown] = useState(false);
  const name = languageName(language, i18n.language);
  const [initial] = useState(text.html);
  const latest = useRef(text);
  latest.current = text;
  return (
    <div className={classes.text}>
      <header>
        <h2>{name}</h2>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconEye size={14} aria-hidden />}
          onClick={() => setShown(true)}
        >
          {t("preview")}
        </Button>
        {onRemove ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("remove_language", { language: name })}
            onClick={onRemove}
          >
            <IconX size={15} aria-hidden />
          </ActionIcon>
        ) : null}
      </header>
      <TextInput
        label={t("title_in", { language: name })}
        value={text.title}
        maxLength={200}
        lang={language}
        spellCheck
        onChange={(event) => onChange({ ...text, title: event.currentTarget.value })}
      />
      <RichText
        label={t("text_in", { language: name })}
        initial={initial}
        language={language}
        minHeight={180}
        handle={editor}
        onChange={({ html, text: plain }) => onChange({ ...latest.current, html, text: plain })}
        tools={<Variables onPick={(variable) => editor.current?.insert(variable)} />}
      />
      <Modal
        opened={shown}
        onClose={() => setShown(false)}
        size="lg"
        title={t("preview_of", { language: name })}
        closeButtonProps={{ "aria-label": t("translation:app.close") }}
      >
        <p className={classes.faint}>{t("preview_hint")}</p>
        <iframe
          className={classes.preview}
          title={t("preview_of", { language: name })}
          sandbox=""
          srcDoc={previewPage(text.html, language)}
        />
      </Modal>
    </div>
  );
}

function Variables({ onPick }: { onPick: (variable: string) => void }) {
  const { t } = useTranslation("answers");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm">
          {"{ } "}
          {t("insert_variable")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {variables.map((variable) => (
          <Menu.Item
            key={variable}
            rightSection={<code className={classes.code}>{`{${variable}}`}</code>}
            onClick={() => onPick(`{${variable}}`)}
          >
            {t(`variables.${variable.replace(".", "_")}` as "variables.date")}
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => onPick("{values.order}")}>{t("variables.values")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
