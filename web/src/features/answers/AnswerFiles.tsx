import { ActionIcon, Button, FileButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LibraryAnswer } from "../../client/answers-api";
import { IconPaperclip, IconX } from "../../ui/icons";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./answers.module.css";

type Props = {
  answer: LibraryAnswer | null;
  /** The texts are changed and not saved: a new version now would lose them. */
  locked: boolean;
  onChanged: (answer: LibraryAnswer) => void;
};

export function AnswerFiles({ answer, locked, onChanged }: Props) {
  const { t, i18n } = useTranslation("answers");
  const { answers } = useServices().api;
  const { busy, run } = useCommand();
  const order = (what: () => Promise<LibraryAnswer>) => run(async () => onChanged(await what()));
  const size = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <section className={classes.box} aria-label={t("attachments")}>
      <h2>{t("attachments")}</h2>
      {answer ? (
        <ul className={classes.files}>
          {answer.attachments.map((file) => (
            <li key={file.file_id}>
              <IconPaperclip size={14} aria-hidden />
              <a
                href={`/api/v1/answers/${answer.id}/attachments/${file.file_id}`}
                aria-label={t("download", { name: file.name })}
                download
              >
                {file.name}
              </a>
              <small>{size.format(file.size / 1000)} kB</small>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={busy || locked}
                aria-label={t("detach", { name: file.name })}
                onClick={() => void order(() => answers.detach(answer.id, answer.version, file.file_id))}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      ) : null}
      {answer && !locked ? (
        <FileButton
          onChange={(file) =>
            file ? void order(() => answers.attach(answer.id, answer.version, file)) : undefined
          }
        >
          {(props) => (
            <Button {...props} variant="default" size="compact-sm" loading={busy}>
              {t("attach")}
            </Button>
          )}
        </FileButton>
      ) : (
        <p className={classes.faint}>{t("attach_later")}</p>
      )}
    </section>
  );
}
