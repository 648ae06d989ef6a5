import { Button, Group, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { AnswerList } from "./AnswerList";
import { AnswerPane } from "./AnswerPane";
import classes from "./answers.module.css";
import { ThemeTree } from "./ThemeTree";

export const newAnswer = "new";

type Props = {
  /** An answer's id, `new`, or null. */
  open: string | null;
  theme: string;
  onGo: (to: { open: string | null; theme: string }) => void;
};

/** The library for who looks after it: themes, the answers of one, and one of them to be written. */
export default function AnswersPage({ open, theme, onGo }: Props) {
  const { t, i18n } = useTranslation(["answers", "translation"]);
  const { t: common } = useTranslation();
  const { answers } = useServices().api;
  const [text, setText] = useState("");
  const [everything, setEverything] = useState(true);
  const [dirty, setDirty] = useState(false);
  const [wanted, setWanted] = useState<{ open: string | null; theme: string } | null>(null);
  const q = useDeferredValue(text.trim());
  const themes = useQuery({ queryKey: ["answers", "themes"], queryFn: answers.themes });
  const list = useQuery({
    queryKey: ["answers", "list", q, theme, everything, i18n.language],
    queryFn: ({ signal }) => answers.list({ q, theme, everything, language: q ? "" : i18n.language }, signal),
    placeholderData: (before) => before,
  });
  const go = (to: { open: string | null; theme: string }) => {
    if (dirty && to.open !== open) setWanted(to);
    else onGo(to);
  };
  const changed = useCallback((now: boolean) => setDirty(now), []);
  const problem = themes.error ?? list.error;
  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">{t("title")}</h1>
      {problem ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(problem, common)}
        </p>
      ) : null}
      <ThemeTree themes={themes.data ?? []} chosen={theme} onChoose={(id) => go({ open, theme: id })} />
      <AnswerList
        rows={list.data ?? []}
        chosen={open}
        text={text}
        everything={everything}
        busy={list.isFetching}
        pending={list.isPending}
        onText={setText}
        onEverything={setEverything}
        onOpen={(id) => go({ open: id, theme })}
        onNew={() => go({ open: newAnswer, theme })}
      />
      <AnswerPane
        key={open ?? ""}
        open={open}
        theme={theme}
        themes={themes.data ?? []}
        onDirty={changed}
        onDone={(id) => {
          setDirty(false);
          onGo({ open: id, theme });
        }}
      />
      <Modal
        opened={wanted !== null}
        onClose={() => setWanted(null)}
        title={t("discard_title")}
        closeButtonProps={{ "aria-label": t("translation:app.close") }}
      >
        <p>{t("discard_text")}</p>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setWanted(null)} data-autofocus>
            {t("stay")}
          </Button>
          <Button
            color="red"
            onClick={() => {
              setDirty(false);
              if (wanted) onGo(wanted);
              setWanted(null);
            }}
          >
            {t("discard")}
          </Button>
        </Group>
      </Modal>
    </div>
  );
}
