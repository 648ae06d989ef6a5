import { memo, useEffect, useRef } from "react";
import { IconAlertTriangle, IconClock } from "../../ui/icons";
import { useServices } from "../../ui/services";
import { dueOf } from "./due";
import classes from "./marks.module.css";
import { useText } from "./text";

/** The promised time by icon, word and colour. It writes its own text: no render as time passes. */
export const DueMark = memo(function DueMark({ at }: { at: string }) {
  const { t, instant } = useText();
  const { clock } = useServices();
  const mark = useRef<HTMLSpanElement>(null);
  const word = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      clock.onTick(() => {
        if (!mark.current || !word.current) return;
        const due = dueOf(at, clock.now());
        const text = t(`due.${due.word}`, { count: due.count });
        if (word.current.textContent !== text) word.current.textContent = text;
        if (mark.current.dataset.tone !== due.tone) mark.current.dataset.tone = due.tone;
      }),
    [clock, at, t],
  );
  return (
    <span ref={mark} className={classes.due} title={t("due.title", { time: instant(at) })}>
      <IconAlertTriangle size={13} stroke={2.2} className={classes.late} aria-hidden />
      <IconClock size={13} stroke={2.2} className={classes.early} aria-hidden />
      <span ref={word} />
    </span>
  );
});
