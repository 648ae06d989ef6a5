import { useEffect, useRef } from "react";
import { clockFace } from "../lib/duration";
import { useServices } from "./services";

type Props = {
  /** Counts up from this instant … */
  since?: string | number | null;
  /** … or down to this one. */
  until?: string | number | null;
  className?: string;
  /** Set on the element as `data-late` once a countdown has run out. */
  label?: string;
};

function millis(instant: string | number): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}

/** A running time. It writes its own text from the page's one clock: nothing renders as seconds pass. */
export function Timer({ since, until, className, label }: Props) {
  const { clock } = useServices();
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const instant = until ?? since;
    if (instant === null || instant === undefined) return;
    const at = millis(instant);
    return clock.onTick(() => {
      const target = element.current;
      if (!target) return;
      const seconds = until ? Math.ceil((at - clock.now()) / 1000) : (clock.now() - at) / 1000;
      const text = clockFace(seconds);
      if (target.textContent !== text) target.textContent = text;
      const late = until && seconds <= 0 ? "true" : "false";
      if (target.dataset.late !== late) target.dataset.late = late;
    });
  }, [clock, since, until]);
  return <span ref={element} className={className} role="timer" aria-label={label} aria-live="off" />;
}
