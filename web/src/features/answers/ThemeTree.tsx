import { ActionIcon, Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Theme } from "../../client/answers-api";
import { IconPencil, IconPlus } from "../../ui/icons";
import classes from "./answers.module.css";
import { LibraryFileButton } from "./LibraryFileDialog";
import { ThemeDialog } from "./ThemeDialog";
import { nameOf, treeOf } from "./themes";
import { WordsButton } from "./WordsDialog";

type Props = { themes: Theme[]; chosen: string; onChoose: (themeId: string) => void };

/** Headings of the library: choosing one shows its answers and those of the themes below. */
export function ThemeTree({ themes, chosen, onChoose }: Props) {
  const { t, i18n } = useTranslation("answers");
  const [edited, setEdited] = useState<Theme | "new" | null>(null);
  return (
    <nav className={classes.themes} aria-label={t("themes")}>
      <ul className={`${classes.tree} scroll`}>
        <li>
          <button
            type="button"
            className={classes.theme}
            aria-current={chosen === "" ? "true" : undefined}
            onClick={() => onChoose("")}
          >
            <span>{t("all")}</span>
            <small>{themes.reduce((sum, theme) => sum + theme.answers, 0)}</small>
          </button>
        </li>
        {treeOf(themes).map(({ theme, depth, answers }) => (
          <li key={theme.id} className={classes.themeRow} style={{ paddingInlineStart: depth * 14 }}>
            <button
              type="button"
              className={classes.theme}
              aria-current={chosen === theme.id ? "true" : undefined}
              onClick={() => onChoose(theme.id)}
            >
              <span>{nameOf(theme, i18n.language)}</span>
              <small>{answers}</small>
            </button>
            <ActionIcon
              className={classes.themeEdit}
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("edit_theme", { name: nameOf(theme, i18n.language) })}
              onClick={() => setEdited(theme)}
            >
              <IconPencil size={14} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => setEdited("new")}
      >
        {t("new_theme")}
      </Button>
      <WordsButton />
      <LibraryFileButton />
      {edited ? (
        <ThemeDialog
          theme={edited === "new" ? null : edited}
          parentId={edited === "new" ? chosen : edited.parent_id}
          themes={themes}
          onClose={(gone) => {
            if (gone && edited !== "new" && chosen === edited.id) onChoose("");
            setEdited(null);
          }}
        />
      ) : null}
    </nav>
  );
}
