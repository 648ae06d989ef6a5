import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
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
        notifications.show({ color: "red", message: sentenceOf(error, t), autoClose: 8_000 });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { busy, run };
}
