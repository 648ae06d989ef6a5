import type { Action } from "../../lib/shortcuts";
import type { Icon } from "../../ui/icons";
import { KeyHint, useAriaKey } from "../../ui/KeyHint";
import classes from "./call.module.css";

type Props = {
  icon: Icon;
  children: React.ReactNode;
  onClick: () => void;
  action?: Action;
  tone?: "answer" | "hang_up";
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
};

/** A control of the call: icon, word and its key. A plain button, so that a press paints at once. */
export function CallButton({
  icon: Mark,
  children,
  onClick,
  action,
  tone,
  pressed,
  expanded,
  disabled,
}: Props) {
  const keys = useAriaKey(action ?? "palette");
  return (
    <button
      type="button"
      className={classes.button}
      data-tone={tone}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-keyshortcuts={action ? keys : undefined}
      disabled={disabled}
      onClick={onClick}
    >
      <Mark size={20} aria-hidden />
      <span className={classes.buttonWords}>
        <span>{children}</span>
        {action ? <KeyHint action={action} loud={tone !== undefined} /> : null}
      </span>
    </button>
  );
}
