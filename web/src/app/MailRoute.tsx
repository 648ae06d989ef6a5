import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback } from "react";
import type { MailTab } from "../features/mail/MailPage";
import { loadMailWords } from "../ui/i18n";

const MailPage = lazy(async () => {
  const [page] = await Promise.all([import("../features/mail/MailPage"), loadMailWords()]);
  return page;
});

export default function MailRoute() {
  const { contact = null, tab = "desk" } = useSearch({ from: "/mail" });
  const navigate = useNavigate();
  const go = useCallback(
    (to: { contact: number | null; tab: MailTab }) =>
      void navigate({
        to: "/mail",
        search: {
          ...(to.contact === null ? {} : { contact: to.contact }),
          ...(to.tab === "desk" ? {} : { tab: to.tab }),
        },
      }),
    [navigate],
  );
  return (
    <Suspense fallback={null}>
      <MailPage contact={contact} tab={tab} onGo={go} />
    </Suspense>
  );
}
