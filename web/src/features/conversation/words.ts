import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasConversationWords, loadConversationWords } from "../../ui/i18n";

/** Whether the words of this page are there; they come with its first use. */
export function useConversationWords(): boolean {
  const { i18n } = useTranslation();
  const [ready, setReady] = useState(hasConversationWords());
  useEffect(() => {
    if (!ready) void loadConversationWords().then(() => setReady(true));
  }, [ready]);
  return ready && Boolean(i18n.language);
}
