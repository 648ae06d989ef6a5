import { Alert, Button, Group, Modal } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnswerContent, LibraryAnswer, Theme } from "../../client/answers-api";
import { Problem } from "../../client/problem";
import { IconTrash } from "../../ui/icons";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { AnswerFields } from "./AnswerFields";
import { AnswerFiguresBox } from "./AnswerFiguresBox";
import { AnswerFiles } from "./AnswerFiles";
import classes from "./answers.module.css";
import { isComplete, toSend } from "./draft";
import { Texts } from "./Texts";

type Props = {
  answer: LibraryAnswer | null;
  initial: AnswerContent;
  themes: Theme[];
  onDirty: (dirty: boolean) => void;
  onSaved: (answer: LibraryAnswer) => void;
  /** Its attachments have changed, and with them its version. */
  onChanged: (answer: LibraryAnswer) => void;
  onNewest: () => void;
  onDeleted: () => void;
};

/** One answer: where it belongs, its texts side by side, its files and figures. */
export function AnswerEditor({ answer, initial, themes, onDirty, ...on }: Props) {
  const { t } = useTranslation(["answers", "translation"]);
  const { t: common } = useTranslation();
  const { answers } = useServices().api;
  const { busy, run } = useCommand();
  const [first] = useState(initial);
  const [content, setContent] = useState(first);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [deleting, setDeleting] = useState(false);
  const dirty = content !== first;
  useEffect(() => {
    onDirty(dirty);
    return () => onDirty(false);
  }, [dirty, onDirty]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isComplete(content)) return setProblem(t("title_missing"));
    setSaving(true);
    setProblem(null);
    try {
      const sent = toSend(content);
      on.onSaved(await (answer ? answers.save(answer.id, answer.version, sent) : answers.add(sent)));
      void notice("teal", t("saved"));
    } catch (error) {
      setProblem(error);
    } finally {
      setSaving(false);
    }
  }
  const change = (part: Partial<AnswerContent>) => setContent((before) => ({ ...before, ...part }));
  const outdated = problem instanceof Problem && problem.code === "answer_changed";
  return (
    <form className={`${classes.editor} scroll`} onSubmit={submit} aria-label={t("title")}>
      <AnswerFields content={content} themes={themes} onChange={change} />
      <Texts texts={content.texts} onChange={(texts) => change({ texts })} />
      {problem ? (
        <Alert color="red" role="alert" variant="light">
          {typeof problem === "string" ? problem : sentenceOf(problem, common)}
          {outdated ? (
            <Button variant="subtle" size="compact-sm" ml="sm" onClick={on.onNewest}>
              {t("newest")}
            </Button>
          ) : null}
        </Alert>
      ) : null}
      <Group className={classes.acts}>
        <Button type="submit" loading={saving} disabled={!dirty}>
          {t("save")}
        </Button>
        {answer ? (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={15} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t("delete")}
          </Button>
        ) : null}
      </Group>
      <AnswerFiles answer={answer} locked={dirty} onChanged={on.onChanged} />
      {answer ? <AnswerFiguresBox answer={answer} /> : null}
      <Modal
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t("delete_title")}
        closeButtonProps={{ "aria-label": t("translation:app.close") }}
      >
        <p>{t("delete_text")}</p>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setDeleting(false)} data-autofocus>
            {t("translation:app.cancel")}
          </Button>
          <Button
            color="red"
            loading={busy}
            onClick={async () => {
              if (answer && (await run(() => answers.delete(answer.id, answer.version)))) on.onDeleted();
              setDeleting(false);
            }}
          >
            {t("delete")}
          </Button>
        </Group>
      </Modal>
    </form>
  );
}
