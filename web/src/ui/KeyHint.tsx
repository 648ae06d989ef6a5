import { type Action, keyOf, printedKey } from "../lib/shortcuts";
import classes from "./KeyHint.module.css";
import { usePreference } from "./services";

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The key of an action, on its button; nothing when shortcuts are switched off. */
export function KeyHint({ action, loud = false }: { action: Action; loud?: boolean }) {
  const shortcuts = usePreference((state) => state.shortcuts);
  if (shortcuts.off) return null;
  return (
    <span aria-hidden>
      <kbd className={classes.key} data-loud={loud || undefined}>
        {printedKey(keyOf(action, shortcuts), isMac)}
      </kbd>
    </span>
  );
}

/** The same for `aria-keyshortcuts`. */
export function useAriaKey(action: Action): string | undefined {
  const shortcuts = usePreference((state) => state.shortcuts);
  if (shortcuts.off) return undefined;
  return keyOf(action, shortcuts).replace("mod", isMac ? "Meta" : "Control");
}
