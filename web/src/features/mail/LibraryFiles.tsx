import { Button, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { DraftFile, KeptFile } from "../../client/mail-shapes";
import { IconBooks, IconSearch } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { readableSize } from "./compose";
import classes from "./compose.module.css";
import { useText } from "./text";

type Props = { language: string; files: DraftFile[]; onAdd: (files: KeptFile[]) => void };
const most = 20;

/** A button that finds the files of the ready-made answers and puts the chosen ones into the mail. */
export function LibraryFiles(props: Props) {
  const { t, common } = useText();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <button type="button" className={classes.tool} onClick={() => setOpen(true)}>
        <IconBooks size={15} aria-hidden />
        <span>{t("compose.library")}</span>
      </button>
      <Modal
        opened={open}
        onClose={close}
        title={t("compose.library_title")}
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        <Choice {...props} onDone={close} />
      </Modal>
    </>
  );
}

/** The answers that have files, with their files. */
function useFound(query: string, language: string) {
  const { api } = useServices();
  const [q] = useDebouncedValue(query.trim(), 200);
  return useQuery({
    queryKey: ["answers", "files", q, language],
    queryFn: async ({ signal }) => {
      const lines = await api.answers.list({ q, language }, signal);
      const having = lines.filter((each) => each.valid_now && each.attachments > 0).slice(0, most);
      return Promise.all(
        having.map(async ({ id, title }) => ({ id, title, files: (await api.answers.get(id)).attachments })),
      );
    },
  });
}

function Choice({ language, files, onAdd, onDone }: Props & { onDone: () => void }) {
  const { t, common, locale } = useText();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<KeptFile[]>([]);
  const found = useFound(query, language);
  const has = (list: { file_id: string }[], file: { file_id: string }) =>
    list.some((each) => each.file_id === file.file_id);
  const toggle = (file: KeptFile) =>
    setChosen(has(chosen, file) ? chosen.filter((each) => each.file_id !== file.file_id) : [...chosen, file]);
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    if (chosen.length === 0) return;
    onAdd(chosen);
    onDone();
  }
  return (
    <form className={classes.library} onSubmit={onSubmit}>
      <TextInput
        data-autofocus
        label={t("compose.library_search")}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={query}
        maxLength={200}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <div className={`${classes.libraryList} scroll`} aria-busy={found.isFetching}>
        {found.isError ? <p role="alert">{sentenceOf(found.error, common)}</p> : null}
        {found.isPending ? <p>{common("app.loading")}</p> : null}
        {found.data?.length === 0 ? <p role="status">{t("compose.library_none")}</p> : null}
        {found.data?.map((answer) => (
          <fieldset key={answer.id} className={classes.libraryAnswer}>
            <legend>{answer.title}</legend>
            {answer.files.map((file) => (
              <label key={file.file_id}>
                <input
                  type="checkbox"
                  disabled={has(files, file)}
                  checked={has(files, file) || has(chosen, file)}
                  onChange={() => toggle({ ...file, inline_id: "" })}
                />
                <span>{file.name}</span>
                <small>{readableSize(file.size, locale)}</small>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <div className={classes.libraryActs}>
        <Button type="submit" disabled={chosen.length === 0}>
          {t("compose.library_add", { count: chosen.length })}
        </Button>
        <Button variant="default" onClick={onDone}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
