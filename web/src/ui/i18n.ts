/** English is the measure: every other language has exactly its keys, which the type checker sees to. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "../lib/words/en";
import type { enAnswers } from "../lib/words/en-answers";
import type { enConversation } from "../lib/words/en-conversation";
import type { enMail } from "../lib/words/en-mail";
import type { enStatistics } from "../lib/words/en-statistics";

export type Language = "en" | "fr";
export const languages: readonly { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: {
      translation: typeof en;
      conversation: typeof enConversation;
      mail: typeof enMail;
      answers: typeof enAnswers;
      statistics: typeof enStatistics;
    };
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

export function hasConversationWords(): boolean {
  return i18next.hasResourceBundle("en", "conversation");
}

/** The words of chats with visitors, in both languages: they come with the first chat. */
export async function loadConversationWords(): Promise<void> {
  const [{ enConversation }, { frConversation }] = await Promise.all([
    import("../lib/words/en-conversation"),
    import("../lib/words/fr-conversation"),
  ]);
  i18next.addResourceBundle("en", "conversation", enConversation);
  i18next.addResourceBundle("fr", "conversation", frConversation);
}

/** The words of mail, in the same way. */
export async function loadMailWords(): Promise<void> {
  if (i18next.hasResourceBundle("en", "mail")) return;
  const [{ enMail }, { frMail }] = await Promise.all([
    import("../lib/words/en-mail"),
    import("../lib/words/fr-mail"),
  ]);
  i18next.addResourceBundle("en", "mail", enMail);
  i18next.addResourceBundle("fr", "mail", frMail);
}

/** The words of the library, in the same way. */
export async function loadAnswersWords(): Promise<void> {
  if (i18next.hasResourceBundle("en", "answers")) return;
  const [{ enAnswers }, { frAnswers }] = await Promise.all([
    import("../lib/words/en-answers"),
    import("../lib/words/fr-answers"),
  ]);
  i18next.addResourceBundle("en", "answers", enAnswers);
  i18next.addResourceBundle("fr", "answers", frAnswers);
}

/** The words of the page of figures, in the same way. */
export async function loadStatisticsWords(): Promise<void> {
  if (i18next.hasResourceBundle("en", "statistics")) return;
  const [{ enStatistics }, { frStatistics }] = await Promise.all([
    import("../lib/words/en-statistics"),
    import("../lib/words/fr-statistics"),
  ]);
  i18next.addResourceBundle("en", "statistics", enStatistics);
  i18next.addResourceBundle("fr", "statistics", frStatistics);
}
