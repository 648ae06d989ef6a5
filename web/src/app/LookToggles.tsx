import { ActionIcon, Button, Tooltip, useComputedColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { languages } from "../ui/i18n";
import { IconMoon, IconSun } from "../ui/icons";
import { usePreference, useServices } from "../ui/services";

/** Light or dark, English or French: one press each. */
export function LookToggles() {
  const { t } = useTranslation();
  const { preferences } = useServices();
  const language = usePreference((state) => state.language);
  const scheme = useComputedColorScheme("light");
  const next = languages.find(({ code }) => code !== language);
  const themeWord = t(scheme === "dark" ? "app.to_light" : "app.to_dark");
  return (
    <>
      {next ? (
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          px={6}
          onClick={() => preferences.change({ language: next.code })}
        >
          <span aria-hidden>{next.code.toUpperCase()}</span>
          <span className="visually-hidden">{t("app.language", { name: next.name })}</span>
        </Button>
      ) : null}
      <Tooltip label={themeWord}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={themeWord}
          onClick={() => preferences.change({ theme: scheme === "dark" ? "light" : "dark" })}
        >
          {scheme === "dark" ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </>
  );
}
