import { useRouteContext } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const WatchPage = lazy(async () => ({
  default: (await import("../features/conversation/WatchPage")).WatchPage,
}));

/** Taking over needs a seat for chats. */
export default function ChatsRoute() {
  const { desktop } = useRouteContext({ from: "__root__" });
  return (
    <Suspense fallback={null}>
      <WatchPage mayTakeOver={["chat", "digital", "omnichannel"].includes(desktop.seat ?? "")} />
    </Suspense>
  );
}
