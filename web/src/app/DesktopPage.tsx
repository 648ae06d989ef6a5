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
import { placesOf } from "./places";
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
  call: ["voice", "multimedia", "omnichannel"],
  conversation: ["chat", "digital", "omnichannel"],
  mail: ["email", "multimedia", "digital", "omnichannel"],
};
const worksIn = (id: WidgetId, seat: SeatKind | null | undefined) =>
  !seat || (seatsOf[id]?.includes(seat) ?? true);

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
  const places = useMemo(
    () => ({
      wide: placesOf(layouts.wide, seat, "wide"),
      medium: placesOf(layouts.medium, seat, "medium"),
    }),
    [layouts.wide, layouts.medium, seat],
  );
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
