import { NativeSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChosenFile } from "../../client/conversation-api";
import { PickList } from "../../ui/PickList";
import { useServices } from "../../ui/services";
import classes from "./conversation.module.css";

type Props = { language: string; busy: boolean; onPick: (file: ChosenFile) => void; onEscape: () => void };
const most = 20;
const day = 86_400;
const lives = [day, 7 * day, 30 * day, 0];
const counts = [1, 3, 10, 0];

/** A file of the ready-made answers for the visitor: found by the words of its answer, with an end and a number of downloads. */
export function LibraryFile({ language, busy, onPick, onEscape }: Props) {
  const { t } = useTranslation("conversation");
  const [text, setText] = useState("");
  const [seconds, setSeconds] = useState(7 * day);
  const [downloads, setDownloads] = useState(0);
  const found = useFound(text, language);
  const files = found.data ?? [];
  return (
    <div className={classes.answers}>
      <PickList
        label={t("library")}
        placeholder={t("library_find")}
        items={files.map((file) => ({
          id: `${file.answer_id} ${file.file_id}`,
          label: file.name,
          hint: file.title,
          also: text,
          aside: <small>{Math.ceil(file.size / 1000)} kB</small>,
        }))}
        value={text}
        onTyping={setText}
        nothing={found.isFetching ? "…" : t("library_none")}
        autoFocus
        busy={busy}
        onEscape={onEscape}
        below={
          <div className={classes.row}>
            <NativeSelect
              size="xs"
              label={t("library_until")}
              value={seconds}
              onChange={(event) => setSeconds(Number(event.currentTarget.value))}
              data={lives.map((each) => ({
                value: String(each),
                label: each ? t("library_days", { count: each / day }) : t("library_ever"),
              }))}
            />
            <NativeSelect
              size="xs"
              label={t("library_times")}
              value={downloads}
              onChange={(event) => setDownloads(Number(event.currentTarget.value))}
              data={counts.map((each) => ({
                value: String(each),
                label: each ? String(each) : t("library_any"),
              }))}
            />
          </div>
        }
        onPick={({ id }) => {
          const [answer_id = "", file_id = ""] = id.split(" ");
          onPick({ answer_id, file_id, expires_seconds: seconds || null, downloads: downloads || null });
        }}
      />
    </div>
  );
}

function useFound(text: string, language: string) {
  const { api } = useServices();
  const [q] = useDebouncedValue(text.trim(), 200);
  return useQuery({
    queryKey: ["answers", "files", "chat", q, language],
    queryFn: async ({ signal }) => {
      const lines = await api.answers.list({ q, language }, signal);
      const having = lines.filter((each) => each.valid_now && each.attachments > 0).slice(0, most);
      const all = await Promise.all(having.map(({ id }) => api.answers.get(id)));
      return having.flatMap(({ id, title }, index) =>
        (all[index]?.attachments ?? []).map((file) => ({ ...file, answer_id: id, title })),
      );
    },
    placeholderData: (before) => before,
  });
}
