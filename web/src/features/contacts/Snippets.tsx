import { useTranslation } from "react-i18next";
import type { FoundContact } from "../../client/shapes";
import classes from "./search.module.css";

/** Where it is said: a few words, what was looked for marked. Text stays text, whatever a mail holds. */
export function Snippets({ snippets }: Pick<FoundContact, "snippets">) {
  const { t } = useTranslation();
  return snippets
    .filter((each) => each.source !== "subject")
    .map((each) => (
      <p key={`${each.source}${each.at}`} className={classes.snippet}>
        <span className={classes.source}>{t(`search.source.${each.source}` as "search.source.mail")}</span>
        {each.parts.map((part, index) =>
          part.hit ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name
            <mark key={index}>{part.text}</mark>
          ) : (
            part.text
          ),
        )}
      </p>
    ));
}
