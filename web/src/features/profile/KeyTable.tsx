import { Button, Switch } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Action, actions, chordOf, clashOf, keyOf, printedKey } from "../../lib/shortcuts";
import { isMac } from "../../ui/KeyHint";
import { usePreference, useServices } from "../../ui/services";
import classes from "./profile.module.css";

/** Every shortcut with its key: press the key to change it, or switch them all off. */
export function KeyTable() {
  const { t } = useTranslation();
  const { preferences } = useServices();
  const shortcuts = usePreference((state) => state.shortcuts);
  const [listening, setListening] = useState<Action | null>(null);
  const [clash, setClash] = useState<Action | null>(null);

  function onKeyDown(event: KeyboardEvent, action: Action) {
    if (listening !== action) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") return setListening(null);
    const chord = chordOf(event.nativeEvent);
    if (!chord) return;
    const taken = clashOf(action, chord, shortcuts);
    setClash(taken);
    if (taken) return;
    preferences.change({ shortcuts: { ...shortcuts, keys: { ...shortcuts.keys, [action]: chord } } });
    setListening(null);
  }

  return (
    <>
      <Switch
        label={t("profile.keys_on")}
        description={t("profile.keys_hint")}
        checked={!shortcuts.off}
        onChange={(event) =>
          preferences.change({ shortcuts: { ...shortcuts, off: !event.currentTarget.checked } })
        }
      />
      <table className={classes.keys}>
        <tbody>
          {actions.map((action) => (
            <tr key={action}>
              <th scope="row">
                {t(`action.${action}`)}
                {clash && listening === action ? (
                  <span className={classes.clash} role="alert">
                    {t("profile.clash", { action: t(`action.${clash}`) })}
                  </span>
                ) : null}
              </th>
              <td>
                <button
                  type="button"
                  className={classes.key}
                  disabled={shortcuts.off}
                  data-listening={listening === action || undefined}
                  onClick={() => {
                    setClash(null);
                    setListening(listening === action ? null : action);
                  }}
                  onBlur={() => setListening(null)}
                  onKeyDown={(event) => onKeyDown(event, action)}
                >
                  <span className="visually-hidden">
                    {t("profile.change_key", { action: t(`action.${action}`) })}
                  </span>
                  {listening === action ? t("profile.press") : printedKey(keyOf(action, shortcuts), isMac)}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        variant="default"
        size="xs"
        onClick={() => preferences.change({ shortcuts: { ...shortcuts, keys: {} } })}
      >
        {t("profile.reset_keys")}
      </Button>
    </>
  );
}
