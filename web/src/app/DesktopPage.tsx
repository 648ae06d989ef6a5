import { Button } from "@mantine/core";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Placement, SeatKind } from "../client/shapes";
import { CallWidget } from "../features/call/CallWidget";
import { ChatWidget } from "../features/chat/ChatWidget";
import { ProfileWidget } from "../features/profile/ProfileWidget";
import { StatisticsWidget } from "../features/statistics/StatisticsWidget";
import { WebsiteWidget } from "../features/website/WebsiteWidget";
import { useDesktop, useMyAgent, usePreference, useServices } from "../ui/services";
import { type GridKind, type Widget, WidgetGrid } from "../ui/WidgetGrid";
import { MailSlot } from "./MailSlot";
import classes from "./Shell.module.css";

const ConversationWidget = lazy(async () => ({
  default: (await import("../features/conversation/ConversationWidget")).ConversationWidget,
}));

export const widgetTitles = {
  call: "call.title",
  conversation: "app.chats",
  mail: "app.mail",
  website: "website.title",
  statistics: "figures.title",
  chat: "chat.title",
  profile: "profile.title",
} as const;
export type WidgetId = keyof typeof widgetTitles;

const elements: Record<WidgetId, React.ReactNode> = {
  call: <CallWidget />,
  conversation: (
    <Suspense fallback={null}>
      <ConversationWidget />
    </Suspense>
  ),
  mail: <MailSlot />,
  website: <WebsiteWidget />,
  statistics: <StatisticsWidget />,
  chat: <ChatWidget />,
  profile: <ProfileWidget />,
};

/** Widgets that only some seats have work for; the others are for everybody. */
const seatsOf: Partial<Record<WidgetId, readonly SeatKind[]>> = {
  call: ["voice", "multimedia"],
  conversation: ["chat", "digital"],
};
const worksIn = (id: WidgetId, seat: SeatKind | null | undefined) =>
  !seat || (seatsOf[id]?.includes(seat) ?? true);

/** Where calls and mails are both worked on, the mails get the middle. */
const firstPlacesWithMail: Record<GridKind, Placement[]> = {
  wide: [
    { i: "call", x: 0, y: 0, w: 3, h: 12 },
    { i: "mail", x: 3, y: 0, w: 6, h: 16 },
    { i: "profile", x: 9, y: 0, w: 3, h: 8 },
    { i: "chat", x: 9, y: 8, w: 3, h: 8 },
    { i: "website", x: 0, y: 12, w: 3, h: 10 },
    { i: "statistics", x: 3, y: 16, w: 9, h: 6 },
  ],
  medium: [
    { i: "mail", x: 0, y: 0, w: 6, h: 12 },
    { i: "call", x: 0, y: 12, w: 3, h: 12 },
    { i: "chat", x: 3, y: 12, w: 3, h: 6 },
    { i: "statistics", x: 3, y: 18, w: 3, h: 6 },
    { i: "website", x: 0, y: 24, w: 3, h: 9 },
    { i: "profile", x: 3, y: 24, w: 3, h: 9 },
  ],
};
const firstPlaces: Record<GridKind, Placement[]> = {
  wide: [
    { i: "call", x: 0, y: 0, w: 4, h: 12 },
    { i: "conversation", x: 0, y: 0, w: 5, h: 14 },
    { i: "website", x: 4, y: 0, w: 5, h: 12 },
    { i: "profile", x: 9, y: 0, w: 3, h: 9 },
    { i: "statistics", x: 0, y: 12, w: 9, h: 7 },
    { i: "chat", x: 9, y: 9, w: 3, h: 10 },
  ],
  medium: [
    { i: "call", x: 0, y: 0, w: 3, h: 12 },
    { i: "conversation", x: 0, y: 0, w: 6, h: 12 },
    { i: "chat", x: 3, y: 0, w: 3, h: 6 },
    { i: "statistics", x: 3, y: 6, w: 3, h: 6 },
    { i: "website", x: 0, y: 12, w: 3, h: 9 },
    { i: "profile", x: 3, y: 12, w: 3, h: 9 },
  ],
};

/** The widgets, where the person put them. */
export function DesktopPage() {
  const { t } = useTranslation();
  const { preferences } = useServices();
  const layouts = usePreference((state) => state.layouts);
  const hidden = layouts.hidden;
  const seat = useMyAgent()?.seat;
  const hasMail = Boolean(useDesktop()?.mail);

  const widgets = useMemo<Widget[]>(
    () =>
      (Object.keys(widgetTitles) as WidgetId[])
        .filter((id) => !hidden?.includes(id) && worksIn(id, seat) && (id !== "mail" || hasMail))
        .map((id) => ({
          id,
          title: t(widgetTitles[id]),
          element: elements[id],
          minW: 2,
          minH: id === "call" || id === "conversation" ? 8 : 4,
        })),
    [hidden, seat, hasMail, t],
  );
  const places = useMemo(() => {
    const first = hasMail ? firstPlacesWithMail : firstPlaces;
    return { wide: layouts.wide ?? first.wide, medium: layouts.medium ?? first.medium };
  }, [layouts.wide, layouts.medium, hasMail]);
  const keep = useCallback(
    (kind: GridKind, layout: Placement[]) =>
      preferences.change({ layouts: { ...preferences.store.getState().layouts, [kind]: layout } }),
    [preferences],
  );
  const hide = useCallback(
    (id: string) => {
      const before = preferences.store.getState().layouts;
      preferences.change({ layouts: { ...before, hidden: [...(before.hidden ?? []), id] } });
    },
    [preferences],
  );
  const reset = useCallback(() => preferences.change({ layouts: {} }), [preferences]);

  if (widgets.length === 0)
    return (
      <div className={classes.empty}>
        <p>{t("grid.all_hidden")}</p>
        <Button variant="default" onClick={reset}>
          {t("grid.reset")}
        </Button>
      </div>
    );
  return <WidgetGrid widgets={widgets} layouts={places} onChange={keep} onHide={hide} onReset={reset} />;
}
