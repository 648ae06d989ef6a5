import { useState } from "react";
import type { NewDraftLine } from "../../client/mail-shapes";
import { IconChevronDown, IconChevronUp } from "../../ui/icons";
import classes from "./list.module.css";
import { useText } from "./text";

type Props = {
  drafts: NewDraftLine[] | undefined;
  failed: boolean;
  open: string | null;
  onOpen: (id: string) => void;
};

/** The new mails that are being written, here or in another window. */
export function NewDrafts({ drafts, failed, open, onOpen }: Props) {
  const { t, instant } = useText();
  const [folded, setFolded] = useState(false);
  if (!drafts) return failed ? <p className={classes.empty}>{t("drafts.away")}</p> : null;
  if (drafts.length === 0) return null;
  return (
    <section className={classes.mine} aria-label={t("drafts.title")}>
      <button
        type="button"
        className={classes.mineHead}
        aria-expanded={!folded}
        onClick={() => setFolded(!folded)}
      >
        <span>{t("drafts.title")}</span>
        <span className={classes.count}>{drafts.length}</span>
        {folded ? <IconChevronDown size={14} aria-hidden /> : <IconChevronUp size={14} aria-hidden />}
      </button>
      {folded ? null : (
        <div className="scroll">
          {drafts.map((draft) => (
            <button
              key={draft.draft_id}
              type="button"
              className={classes.mineRow}
              aria-current={draft.draft_id === open}
              onClick={() => onOpen(draft.draft_id)}
            >
              <span className={classes.mineWords}>
                <b>{draft.to.join(", ") || t("drafts.nobody")}</b>
                <span>
                  {draft.subject || t("list.no_subject")}
                  {draft.files > 0 ? ` · ${t("drafts.files", { count: draft.files })}` : ""}
                </span>
              </span>
              <small>{instant(draft.saved_at)}</small>
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
