import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desktop } from "../client/shapes";
import { topics } from "../realtime/rows";
import { desktopKey, useLive, useMyAgent, useServices } from "../ui/services";
import { followNetwork, mendLines } from "./mending";
import classes from "./Root.module.css";
import { newRouter } from "./router";

type Props = { desktop: Desktop; onLeave: () => Promise<void> };

/** With a seat: the live view and the telephone run as long as this is mounted. */
export function Seated({ desktop, onLeave }: Props) {
  const { t } = useTranslation();
  const { api, live, phone, clock } = useServices();
  const queries = useQueryClient();
  const { status, closed } = useLive(({ status, closed }) => ({ status, closed }));
  const agent = useMyAgent();
  const [router] = useState(newRouter);
  const { sip } = desktop;
  const again = () => queries.invalidateQueries({ queryKey: desktopKey });

  useEffect(() => {
    live.start(topics);
    return () => live.stop();
  }, [live]);
  useEffect(() => clock.hint(Date.parse(desktop.server_time)), [clock, desktop.server_time]);
  useEffect(() => {
    if (sip) phone.start(sip);
    else phone.stop();
  }, [phone, sip]);
  useEffect(() => () => phone.stop(), [phone]);
  useEffect(() => mendLines(api, live, phone), [api, live, phone]);
  useEffect(() => followNetwork(live, phone), [live, phone]);

  // The seat was freed (grace over, configuration): the choice of a phone comes again.
  const seatGone = status === "live" && agent !== null && agent.seat === null;
  useEffect(() => {
    if (seatGone) void queries.invalidateQueries({ queryKey: desktopKey });
  }, [seatGone, queries]);
  // A session that ended while the line was down shows as an answer of the server, not as a socket that stays away.
  useEffect(() => {
    if (status !== "away") return;
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: desktopKey }), 10_000);
    return () => clearInterval(timer);
  }, [status, queries]);
  useEffect(() => {
    if (status === "closed") phone.stop();
  }, [status, phone]);

  if (status === "closed" && closed)
    return (
      <main className={classes.centre}>
        <h1>{t(`live.${closed}`)}</h1>
        <Button onClick={() => void again()}>
          {t(closed === "taken_over" ? "live.use_here" : "live.log_in_again")}
        </Button>
      </main>
    );
  return <RouterProvider router={router} context={{ desktop, leave: onLeave }} />;
}
