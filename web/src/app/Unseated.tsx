import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Desktop } from "../client/shapes";
import { useServices } from "../ui/services";
import { pagesOf } from "./pages";
import { newRouter } from "./router";

/** Somebody who is not an agent but has pages to look after: see Office. */
export function mayUseOffice(desktop: Desktop): boolean {
  return pagesOf(desktop).length > 0;
}

export function Unseated({ desktop, onLeave }: { desktop: Desktop; onLeave: () => Promise<void> }) {
  const { clock } = useServices();
  const [router] = useState(newRouter);
  useEffect(() => clock.hint(Date.parse(desktop.server_time)), [clock, desktop.server_time]);
  return <RouterProvider router={router} context={{ desktop, leave: onLeave }} />;
}
