import { useMemo } from "react";
import { wordDiff } from "./diff";
import { useText } from "./text";
import classes from "./validation.module.css";

/** What has become of each word. */
export function Changes({ before, after }: { before: string; after: string }) {
  const { t } = useText();
  const pieces = useMemo(() => wordDiff(before, after), [before, after]);
  return (
    <div className={classes.diff} aria-live="off">
      {pieces.every((piece) => piece.kind === "same")
        ? t("validation.no_changes")
        : pieces.map(({ kind, text }, i) => {
            const Piece = kind === "same" ? "span" : kind === "gone" ? "del" : "ins";
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces have no other name
            return <Piece key={i}>{text}</Piece>;
          })}
    </div>
  );
}
