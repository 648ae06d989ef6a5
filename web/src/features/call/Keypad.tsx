import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyContact } from "../../realtime/rows";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./call.module.css";

export const padKeys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** Touch-tones into the call, by mouse or straight from the keyboard. */
export function Keypad({ contact, onDone }: { contact: MyContact; onDone: () => void }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const { run } = useCommand();
  const [sent, setSent] = useState("");
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);

  function press(digit: string) {
    setSent((before) => (before + digit).slice(-24));
    void run(() => api.digits(contact.contact_id, digit));
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") onDone();
    else if (/^[0-9*#]$/.test(event.key)) {
      event.preventDefault();
      press(event.key);
    }
  }
  return (
    <fieldset className={classes.pad} ref={box} onKeyDown={onKeyDown}>
      <legend className="visually-hidden">{t("keypad.title")}</legend>
      <output className={classes.sent} aria-label={t("keypad.sent")}>
        {sent || " "}
      </output>
      {padKeys.map((digit) => (
        <button
          key={digit}
          type="button"
          className={classes.digit}
          onClick={() => press(digit)}
          aria-label={t("keypad.digit", { digit })}
        >
          {digit}
        </button>
      ))}
    </fieldset>
  );
}
