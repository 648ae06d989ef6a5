import { Button } from "@mantine/core";
import { Link, Navigate, Outlet, useRouteContext, useRouterState } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { IconBooks, IconChartBar, IconLogout, IconMail, IconMessages } from "../ui/icons";
import { LookToggles } from "./LookToggles";
import { looksAfterChats, looksAfterMail, looksAtFigures } from "./looks-after";
import { useKeys } from "./Shell";
import classes from "./Shell.module.css";

/** For who looks after the centre without taking contacts: no seat, no telephone, the pages that he may open. */
export function Office() {
  const { t } = useTranslation();
  const { desktop, leave } = useRouteContext({ from: "__root__" });
  const path = useRouterState({ select: (state) => state.location.pathname });
  useKeys();
  const writesAnswers = desktop.person.permissions.includes("answers.write");
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("app.skip")}
      </a>
      <header className={classes.top}>
        <span className={classes.brand}>
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span>{t("app.name")}</span>
        </span>
        <div className={classes.tools} style={{ marginInlineStart: "auto" }}>
          <span>{desktop.person.name}</span>
          <LookToggles />
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => void leave()}
          >
            {t("app.log_out")}
          </Button>
        </div>
      </header>
      <div className={classes.middle}>
        <nav className={classes.rail} aria-label={t("app.main_menu")}>
          {writesAnswers ? (
            <Link
              to="/answers"
              search={{}}
              className={classes.railLink}
              activeOptions={{ includeSearch: false }}
            >
              <IconBooks size={20} aria-hidden />
              <span>{t("app.answers")}</span>
            </Link>
          ) : null}
          {looksAfterMail(desktop) ? (
            <Link
              to="/mail"
              search={{}}
              className={classes.railLink}
              activeOptions={{ includeSearch: false }}
            >
              <IconMail size={20} aria-hidden />
              <span>{t("app.mail")}</span>
            </Link>
          ) : null}
          {looksAfterChats(desktop) ? (
            <Link to="/chats" className={classes.railLink}>
              <IconMessages size={20} aria-hidden />
              <span>{t("app.chats")}</span>
            </Link>
          ) : null}
          {looksAtFigures(desktop) ? (
            <Link
              to="/figures"
              search={{}}
              className={classes.railLink}
              activeOptions={{ includeSearch: false }}
            >
              <IconChartBar size={20} aria-hidden />
              <span>{t("app.figures")}</span>
            </Link>
          ) : null}
        </nav>
        <main id="main" className={`${classes.main} scroll`} tabIndex={-1}>
          {path !== "/" ? null : writesAnswers ? (
            <Navigate to="/answers" search={{}} />
          ) : looksAfterMail(desktop) ? (
            <Navigate to="/mail" search={{}} />
          ) : (
            <Navigate to="/figures" search={{}} />
          )}
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}
