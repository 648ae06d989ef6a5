import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../client/problem";
import { sentenceOf } from "../ui/problem-words";
import { desktopKey, useServices } from "../ui/services";
import { LookToggles } from "./LookToggles";
import classes from "./Root.module.css";
import { Seated } from "./Seated";
import { mayUseOffice, Unseated } from "./Unseated";

// The two pages before the desktop are not part of its first load.
const LoginPage = lazy(async () => ({ default: (await import("../features/login/LoginPage")).LoginPage }));
const SeatPage = lazy(async () => ({ default: (await import("../features/seat/SeatPage")).SeatPage }));

export function Root() {
  return (
    <Suspense fallback={null}>
      <Stages />
    </Suspense>
  );
}

/** Log-in → phone choice → desktop. A reload goes straight to where the session stands. */
function Stages() {
  const { t } = useTranslation();
  const { api, live, phone, preferences } = useServices();
  const queries = useQueryClient();
  const [notice, setNotice] = useState<string | null>(null);
  const desktop = useQuery({ queryKey: desktopKey, queryFn: api.desktop, staleTime: 60_000 });
  const loggedOut = desktop.error instanceof Problem && desktop.error.status === 401;
  const language = desktop.data?.person.language;

  useEffect(() => {
    api.onSessionLost = () => {
      live.stop();
      phone.stop();
      setNotice(t("problem.session_expired"));
      void queries.resetQueries();
    };
  }, [api, live, phone, queries, t]);
  useEffect(() => {
    if (language) preferences.load(language).catch(() => undefined); // without it, this browser's own are good enough
  }, [language, preferences]);

  async function leave() {
    phone.stop();
    live.stop();
    await api.logOut().catch(() => undefined); // already gone: that is what was wanted
    preferences.forget();
    setNotice(null);
    queries.clear();
    await queries.resetQueries({ queryKey: desktopKey });
  }

  if (desktop.isPending)
    return (
      <div className={classes.centre}>
        <Loader aria-label={t("app.loading")} />
      </div>
    );
  if (loggedOut)
    return (
      <LoginPage
        notice={notice}
        corner={<LookToggles />}
        onDone={() => {
          setNotice(null);
          void desktop.refetch();
        }}
      />
    );
  if (!desktop.data)
    return (
      <div className={classes.centre} role="alert">
        <p>{sentenceOf(desktop.error, t)}</p>
        <Button onClick={() => void desktop.refetch()}>{t("app.retry")}</Button>
      </div>
    );
  if (!desktop.data.agent && mayUseOffice(desktop.data))
    return <Unseated desktop={desktop.data} onLeave={leave} />;
  if (!desktop.data.agent)
    return (
      <div className={classes.centre}>
        <p>{t("login.no_agent", { name: desktop.data.person.name })}</p>
        <Button variant="default" onClick={() => void leave()}>
          {t("app.log_out")}
        </Button>
      </div>
    );
  if (!desktop.data.seat)
    return (
      <div className={classes.centre}>
        <div className={classes.corner}>
          <LookToggles />
        </div>
        <SeatPage
          desktop={desktop.data}
          onSeated={() => void desktop.refetch()}
          onLogOut={() => void leave()}
        />
      </div>
    );
  return <Seated desktop={desktop.data} onLeave={leave} />;
}
