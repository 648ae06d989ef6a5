import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback } from "react";
import { loadAnswersWords } from "../ui/i18n";

const AnswersPage = lazy(async () => {
  const [page] = await Promise.all([import("../features/answers/AnswersPage"), loadAnswersWords()]);
  return page;
});

export default function AnswersRoute() {
  const { answer = null, theme = "" } = useSearch({ from: "/answers" });
  const navigate = useNavigate();
  const go = useCallback(
    (to: { open: string | null; theme: string }) =>
      void navigate({
        to: "/answers",
        search: { ...(to.open ? { answer: to.open } : {}), ...(to.theme ? { theme: to.theme } : {}) },
      }),
    [navigate],
  );
  return (
    <Suspense fallback={null}>
      <AnswersPage open={answer} theme={theme} onGo={go} />
    </Suspense>
  );
}
