import { useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { loadMailWords } from "../ui/i18n";

const MailWidget = lazy(async () => {
  const [widget] = await Promise.all([import("../features/mail/MailWidget"), loadMailWords()]);
  return widget;
});

/** The widget's code comes after the first load; its mails are not open twice. */
export function MailSlot() {
  const navigate = useNavigate();
  const away = useRouterState({ select: (state) => state.location.pathname !== "/" });
  return (
    <Suspense fallback={null}>
      <MailWidget away={away} onPage={() => void navigate({ to: "/mail", search: {} })} />
    </Suspense>
  );
}
