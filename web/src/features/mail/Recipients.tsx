import { type KeyboardEvent, useId, useState } from "react";
import { IconX } from "../../ui/icons";
import { added, isAddress, recipientsIn } from "./compose";
import classes from "./compose.module.css";
import { useText } from "./text";

type Props = {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  autoFocus?: boolean;
  beside?: React.ReactNode;
};

/** Addresses as chips: typed, pasted in any form, taken away by Backspace. */
export function Recipients({ label, value, onChange, autoFocus, beside }: Props) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const id = useId();
  function take(text: string) {
    const more = recipientsIn(text);
    if (more.length > 0) onChange(added(value, more));
    setTyped("");
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (["Enter", ",", ";"].includes(event.key) && !event.ctrlKey && !event.metaKey && typed.trim()) {
      event.preventDefault();
      take(typed);
    } else if (event.key === "Backspace" && !typed && value.length > 0) onChange(value.slice(0, -1));
  }
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      <div className={classes.chips}>
        {value.map((each) => {
          const wrong = !isAddress(each);
          return (
            <span
              key={each}
              className={classes.chip}
              data-wrong={wrong || undefined}
              title={wrong ? t("compose.wrong", { address: each }) : each}
            >
              <span>{each}</span>
              <button
                type="button"
                aria-label={t("compose.remove", { address: each })}
                onClick={() => onChange(value.filter((other) => other !== each))}
              >
                <IconX size={12} aria-hidden />
              </button>
            </span>
          );
        })}
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the person asked for the field
          autoFocus={autoFocus}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={() => take(typed)}
          onPaste={(event) => {
            const text = event.clipboardData.getData("text");
            if (!/[,;\n]/.test(text)) return;
            event.preventDefault();
            take(`${typed}${text}`);
          }}
        />
      </div>
      {beside}
    </div>
  );
}
