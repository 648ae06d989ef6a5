/** English is the measure: every other language has exactly its keys, which the type checker sees to. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "../lib/words/en";

export type Language = "en" | "fr";
export const languages: readonly { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(language);
}

export async function speak(language: Language): Promise<void> {
  if (language === "fr" && !i18next.hasResourceBundle("fr", "translation")) {
    const [{ fr }, { frFigures }] = await Promise.all([
      import("../lib/words/fr"),
      import("../lib/words/fr-figures"),
    ]);
    i18next.addResourceBundle("fr", "translation", fr);
    i18next.addResourceBundle("fr", "figures", frFigures);
  }
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
