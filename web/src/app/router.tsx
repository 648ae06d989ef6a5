import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type RouterHistory,
  useRouteContext,
} from "@tanstack/react-router";
import { lazy } from "react";
import type { Desktop } from "../client/shapes";
import { questionOf } from "../features/figures/question";
import { Office } from "./Office";
import { Shell } from "./Shell";

export type ShellContext = { desktop: Desktop; leave: () => Promise<void> };

const root = createRootRouteWithContext<ShellContext>()({ component: Frame });
/** The desktop itself is always there (a call does not stop when another page is looked at): see Shell. */
const desktop = createRoute({ getParentRoute: () => root, path: "/", component: () => null });
const contacts = createRoute({
  getParentRoute: () => root,
  path: "/contacts",
  validateSearch: (search: Record<string, unknown>): { contact?: number; q?: string } => {
    const contact = Number(search.contact);
    const q = search.q === undefined ? "" : String(search.q).slice(0, 200);
    return { ...(contact > 0 ? { contact } : {}), ...(q ? { q } : {}) };
  },
  component: lazy(() => import("./ContactsRoute")),
});
const mail = createRoute({
  getParentRoute: () => root,
  path: "/mail",
  validateSearch: (search: Record<string, unknown>): { contact?: number; tab?: "validation" | "inboxes" } => {
    const contact = Number(search.contact);
    const { tab } = search;
    return {
      ...(contact > 0 ? { contact } : {}),
      ...(tab === "validation" || tab === "inboxes" ? { tab } : {}),
    };
  },
  component: lazy(() => import("./MailRoute")),
});
const answers = createRoute({
  getParentRoute: () => root,
  path: "/answers",
  validateSearch: (search: Record<string, unknown>): { answer?: string; theme?: string } => ({
    ...(typeof search.answer === "string" ? { answer: search.answer } : {}),
    ...(typeof search.theme === "string" ? { theme: search.theme } : {}),
  }),
  component: lazy(() => import("./AnswersRoute")),
});
const chats = createRoute({
  getParentRoute: () => root,
  path: "/chats",
  component: lazy(() => import("./ChatsRoute")),
});
const figures = createRoute({
  getParentRoute: () => root,
  path: "/figures",
  validateSearch: questionOf,
  component: lazy(() => import("./FiguresRoute")),
});
const rest = createRoute({ getParentRoute: () => root, path: "$", component: () => null });

/** Agents have their desktop around each page; who is none has the office. */
function Frame() {
  const { desktop } = useRouteContext({ from: "__root__" });
  return desktop.agent ? <Shell /> : <Office />;
}

export function newRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([desktop, contacts, mail, answers, chats, figures, rest]),
    context: null as unknown as ShellContext, // given by RouterProvider
    defaultPreload: false,
    ...(history ? { history } : {}),
  });
}
export { createMemoryHistory };

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
