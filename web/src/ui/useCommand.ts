import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { notice } from "./notice";
import { sentenceOf } from "./problem-words";

/**
 * Runs one order to the server. `busy` at once, so that the button answers the finger; a refusal is said in a
 * notice. What has become of the contact is not guessed: it arrives by the live view.
 */
export function useCommand(): { busy: boolean; run: (order: () => Promise<unknown>) => Promise<boolean> } {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (order: () => Promise<unknown>) => {
      setBusy(true);
      try {
        await order();
        return true;
      } catch (error) {
        void notice("red", sentenceOf(error, t));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { busy, run };
}
