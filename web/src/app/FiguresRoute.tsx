import { useNavigate, useRouteContext, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback } from "react";
import { Why } from "../features/contacts/Why";
import type { Question } from "../features/figures/question";
import { loadStatisticsWords } from "../ui/i18n";

const FiguresPage = lazy(async () => {
  const [page] = await Promise.all([import("../features/figures/FiguresPage"), loadStatisticsWords()]);
  return page;
});

export default function FiguresRoute() {
  const question = useSearch({ from: "/figures" });
  const { desktop } = useRouteContext({ from: "__root__" });
  const navigate = useNavigate();
  const ask = useCallback(
    (search: Question) => void navigate({ to: "/figures", search, replace: true }),
    [navigate],
  );
  return (
    <Suspense fallback={null}>
      <FiguresPage
        question={question}
        onAsk={ask}
        mayOpen={desktop.person.permissions.some((each) => each.startsWith("contacts.read"))}
        factsOf={(contactId) => <Why contactId={contactId} />}
      />
    </Suspense>
  );
}
