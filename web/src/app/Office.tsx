import { Button } from "@mantine/core";
import { Navigate, Outlet, useRouteContext, useRouterState } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { IconLogout } from "../ui/icons";
import { LookToggles } from "./LookToggles";
import { pagesOf } from "./pages";
import { Rail } from "./Rail";
import { useKeys, useOpenContact } from "./Shell";
import classes from "./Shell.module.css";

/** For who looks after the centre without taking contacts: no seat, no telephone, the pages that he may open. */
export function Office() {
  const { t } = useTranslation();
  const { desktop, leave } = useRouteContext({ from: "__root__" });
  const path = useRouterState({ select: (state) => state.location.pathname });
  useKeys();
  useOpenContact();
  const home = pagesOf(desktop)[0];
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
        <Rail desktop={desktop} />
        <main id="main" className={`${classes.main} scroll`} tabIndex={-1}>
          {path === "/" && home ? <Navigate to={home} search={{}} /> : null}
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}
