import { Button, Group, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Theme } from "../../client/answers-api";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { nameOf, placesFor } from "./themes";
import { languageName } from "./words";

type Props = {
  /** null: a new one. */
  theme: Theme | null;
  parentId: string;
  themes: Theme[];
  onClose: (gone: boolean) => void;
};

export function ThemeDialog({ theme, parentId, themes, onClose }: Props) {
  const { t, i18n } = useTranslation(["answers", "translation"]);
  const { answers } = useServices().api;
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  const [parent, setParent] = useState(parentId);
  const [names, setNames] = useState<Record<string, string>>({ en: "", fr: "", ...theme?.names });

  async function order(what: () => Promise<unknown>, gone = false) {
    if (!(await run(what))) return;
    await queries.invalidateQueries({ queryKey: ["answers"] });
    onClose(gone);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const said = Object.fromEntries(Object.entries(names).filter(([, name]) => name.trim()));
    const content = { names: said, parent_id: parent, position: theme?.position ?? themes.length };
    void order(() =>
      theme ? answers.saveTheme(theme.id, theme.version, content) : answers.addTheme(content),
    );
  }
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={theme ? t("edit_theme", { name: nameOf(theme, i18n.language) }) : t("new_theme")}
      closeButtonProps={{ "aria-label": t("translation:app.close") }}
    >
      <form onSubmit={submit}>
        {Object.entries(names).map(([language, name], index) => (
          <TextInput
            key={language}
            mb="sm"
            label={t("theme_name", { language: languageName(language, i18n.language) })}
            value={name}
            maxLength={100}
            data-autofocus={index === 0 || undefined}
            required={index === 0 && Object.values(names).every((each) => !each.trim())}
            onChange={(event) => setNames({ ...names, [language]: event.currentTarget.value })}
          />
        ))}
        <NativeSelect
          label={t("theme_below")}
          value={parent}
          data={[
            { value: "", label: t("theme_first") },
            ...placesFor(themes, theme?.id ?? null).map(({ theme: each, depth }) => ({
              value: each.id,
              label: `${"– ".repeat(depth)}${nameOf(each, i18n.language)}`,
            })),
          ]}
          onChange={(event) => setParent(event.currentTarget.value)}
        />
        <Group justify="space-between" mt="lg">
          {theme ? (
            <Button
              color="red"
              variant="subtle"
              disabled={busy}
              onClick={() => void order(() => answers.deleteTheme(theme.id), true)}
            >
              {t("delete_theme")}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={busy}>
            {t("save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
