/** The person's own region for a language of the screens, so that clocks and dates look as at home (en-GB, fr-CA…). */
export function localeOf(language: string, wanted: readonly string[] = navigator.languages): string {
  const regional = wanted.find((each) => each.toLowerCase().startsWith(`${language}-`));
  return regional ?? (language === "en" ? "en-GB" : language);
}
