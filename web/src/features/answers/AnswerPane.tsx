import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { LibraryAnswer, Theme } from "../../client/answers-api";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { AnswerEditor } from "./AnswerEditor";
import classes from "./answers.module.css";
import { contentOf, newContent } from "./draft";

type Props = {
  open: string | null;
  theme: string;
  themes: Theme[];
  onDirty: (dirty: boolean) => void;
  onDone: (answerId: string | null) => void;
};

/** What is to the right of the list: nothing yet, one answer, or a new one. */
export function AnswerPane({ open, theme, themes, onDirty, onDone }: Props) {
  const { t, i18n } = useTranslation(["answers", "translation"]);
  const { t: common } = useTranslation();
  const { answers } = useServices().api;
  const queries = useQueryClient();
  const isNew = open === "new";
  const known = useQuery({
    queryKey: ["answers", "one", open],
    queryFn: () => answers.get(open ?? ""),
    enabled: open !== null && !isNew,
    staleTime: Number.POSITIVE_INFINITY, // what is being written is not exchanged under the person's hands
    gcTime: 0,
  });
  const took = (answer: LibraryAnswer) => {
    queries.setQueryData(["answers", "one", answer.id], answer);
    void queries.invalidateQueries({ queryKey: ["answers", "list"] });
    void queries.invalidateQueries({ queryKey: ["answers", "themes"] });
  };
  if (open === null) return <p className={classes.faint}>{t("choose")}</p>;
  if (known.error)
    return (
      <p role="alert" className={classes.error}>
        {sentenceOf(known.error, common)}
      </p>
    );
  const answer = known.data ?? null;
  if (!isNew && !answer) return <p className={classes.faint}>{t("translation:app.loading")}</p>;
  return (
    <AnswerEditor
      key={answer ? `${answer.id} ${answer.version}` : "new"}
      answer={answer}
      initial={answer ? contentOf(answer) : newContent(theme || (themes[0]?.id ?? ""), i18n.language)}
      themes={themes}
      onDirty={onDirty}
      onSaved={(saved) => {
        took(saved);
        onDone(saved.id);
      }}
      onChanged={took}
      onNewest={() => void known.refetch()}
      onDeleted={() => {
        void queries.invalidateQueries({ queryKey: ["answers"] });
        onDone(null);
      }}
    />
  );
}
