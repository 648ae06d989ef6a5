import { Loader, Modal } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Attachment } from "../../client/mail-shapes";
import {
  IconAlertTriangle,
  IconDownload,
  IconEye,
  IconFileText,
  IconPaperclip,
  IconPhoto,
} from "../../ui/icons";
import { useServices } from "../../ui/services";
import { readableSize } from "./compose";
import { useText } from "./text";
import classes from "./thread.module.css";

const warnings = ["program", "disguised", "locked"] as const;
type Warning = (typeof warnings)[number];

/** What is said of a file whose bytes are not what its name promises, or that can be run. */
function isWarning(word: string): word is Warning {
  return warnings.some((each) => each === word);
}

/** What is said of a file that is not known to be clean. */
const scans: Record<string, true> = { scanning: true, infected: true, failed: true };

const images = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/;

export function Attachments({ mailId, files }: { mailId: number; files: Attachment[] }) {
  const { t, common, locale } = useText();
  const { api } = useServices();
  const [shown, setShown] = useState<Attachment | null>(null);
  const outside = files.filter((file) => !file.inline);
  if (outside.length === 0) return null;
  const path = (file: Attachment, inline = false) => api.mail.attachmentPath(mailId, file.index, inline);
  return (
    <div className={classes.files}>
      <p className={classes.filesHead}>
        <IconPaperclip size={14} aria-hidden />
        {t("thread.attachments", { count: outside.length })}
      </p>
      <ul>
        {outside.map((file) => {
          const isImage = images.test(file.media_type);
          const seen = isImage || file.media_type === "application/pdf";
          const Mark = isImage ? IconPhoto : IconFileText;
          return (
            <li key={file.index} className={classes.file}>
              <Mark size={16} aria-hidden />
              <span className={classes.fileName} title={file.name}>
                {file.name}
              </span>
              <small>{readableSize(file.size, locale)}</small>
              {isWarning(file.warning) ? (
                <span className={classes.fileWarning} title={t(`thread.warning_${file.warning}_why`)}>
                  <IconAlertTriangle size={13} aria-hidden />
                  {t(`thread.warning_${file.warning}`)}
                </span>
              ) : null}
              {scans[file.scan] ? (
                <span className={classes.fileWarning} title={t(`thread.scan_${file.scan as "failed"}_why`)}>
                  <IconAlertTriangle size={13} aria-hidden />
                  {t(`thread.scan_${file.scan as "failed"}`)}
                </span>
              ) : null}
              {seen && file.scan !== "infected" ? (
                <button
                  type="button"
                  className={classes.small}
                  aria-label={t("thread.preview_of", { name: file.name })}
                  title={t("thread.preview")}
                  onClick={() => setShown(file)}
                >
                  <IconEye size={15} aria-hidden />
                </button>
              ) : null}
              {file.scan === "infected" ? null : (
                <a
                  className={classes.small}
                  href={path(file)}
                  download={file.name}
                  aria-label={t("thread.download", { name: file.name })}
                >
                  <IconDownload size={15} aria-hidden />
                </a>
              )}
            </li>
          );
        })}
      </ul>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        size="min(960px, 100%)"
        title={shown?.name ?? ""}
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        {shown === null ? null : images.test(shown.media_type) ? (
          <img className={classes.preview} src={path(shown, true)} alt={shown.name} />
        ) : (
          <Pdf name={shown.name} src={path(shown)} />
        )}
      </Modal>
    </div>
  );
}

/** The server hands out PDFs for saving only; here the bytes are shown, as a PDF and as nothing else. */
function Pdf({ name, src }: { name: string; src: string }) {
  const { common } = useText();
  const [url, setUrl] = useState<string | null>(null);
  const [error, setError] = useState(false);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    fetch(src, { credentials: "same-origin" })
      .then(async (response) => {
        if (!response.ok) throw new Error(String(response.status));
        const bytes = await response.arrayBuffer();
        if (gone) return;
        made = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
        setUrl(made);
      })
      .catch(() => setError(true));
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [src]);
  if (error) return <p role="alert">{common("problem.unreachable")}</p>;
  return url ? (
    <iframe className={classes.pdf} title={name} src={url} />
  ) : (
    <Loader size="sm" aria-label={common("app.loading")} />
  );
}
