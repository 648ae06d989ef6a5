import { Button } from "@mantine/core";
import { useStore } from "zustand";
import type { DraftKeeper } from "../../client/draft-keeper";
import { IconAlertTriangle } from "../../ui/icons";
import { useCommand } from "../../ui/useCommand";
import classes from "./compose.module.css";
import { useText } from "./text";

export function DraftStatus({ keeper }: { keeper: DraftKeeper }) {
  const { t, clockSeconds } = useText();
  const { status, savedAt } = useStore(keeper.store);
  const words =
    status === "saved" && savedAt
      ? t("compose.draft_saved", { time: clockSeconds(savedAt) })
      : status === "saving"
        ? t("compose.draft_saving")
        : status === "dirty"
          ? t("compose.draft_dirty")
          : status === "away"
            ? t("compose.draft_away")
            : "";
  return (
    <output className={classes.status} data-status={status}>
      {words}
    </output>
  );
}

type Props = {
  keeper: DraftKeeper;
  onKeep?: () => Promise<void>;
  /** What to do when it was sent or thrown away elsewhere, and the person lets it go here, too. */
  onGone?: () => void;
};

/** It was saved, sent or thrown away from somewhere else: nothing is overwritten until the person has chosen. */
export function Conflict({ keeper, onKeep, onGone }: Props) {
  const { t, clockSeconds } = useText();
  const { conflict } = useStore(keeper.store);
  const { busy, run } = useCommand();
  if (!conflict) return null;
  const gone = conflict.version === 0;
  return (
    <div className={classes.warn} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <span>
        {gone
          ? t("compose.conflict_gone")
          : t("compose.conflict", {
              name: conflict.by,
              time: Number.isNaN(Date.parse(conflict.at)) ? conflict.at : clockSeconds(conflict.at),
            })}
      </span>
      <Button
        size="compact-sm"
        loading={busy}
        onClick={() => void run(() => onKeep?.() ?? keeper.keepMine())}
      >
        {t("compose.keep_mine")}
      </Button>
      {gone && onGone ? (
        <Button size="compact-sm" variant="default" disabled={busy} onClick={onGone}>
          {t("compose.let_go")}
        </Button>
      ) : gone ? null : (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          onClick={() => void run(() => keeper.takeTheirs())}
        >
          {t("compose.take_theirs")}
        </Button>
      )}
    </div>
  );
}
