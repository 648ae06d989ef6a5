import { Link, Outlet, useNavigate, useRouteContext, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { StateMenu } from "../features/state/StateMenu";
import { actionOf, isTypingTarget } from "../lib/shortcuts";
import { myMails } from "../realtime/rows";
import { IconSearch } from "../ui/icons";
import { KeyHint } from "../ui/KeyHint";
import { useContactAtHand, useLive, usePreference, useServices, useShortcut } from "../ui/services";
import { useOfferSound, useTabTitle } from "./alerts";
import { DesktopPage } from "./DesktopPage";
import { LiveBanner } from "./LiveBanner";
import { LookToggles } from "./LookToggles";
import { MyMenu } from "./MyMenu";
import { pagePaths, pagesOf } from "./pages";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";

const PhoneDialog = lazy(async () => ({
  default: (await import("../features/seat/PhoneDialog")).PhoneDialog,
}));
const Palette = lazy(() => import("./Palette"));

/** Top bar, rail, banner, and the page. */
export function Shell() {
  const { t } = useTranslation();
  const { requests } = useServices();
  const { desktop, leave } = useRouteContext({ from: "__root__" });
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const atDesktop = !pagePaths.some((each) => each === path);
  const hasMail = pagesOf(desktop).includes("/mail");
  const offeredMails = useLive(
    ({ rows }) => myMails(rows.me).filter((each) => each.phase === "reserved").length,
  );
  const [palette, setPalette] = useState(0);
  const [choosing, setChoosing] = useState(false);

  useKeys();
  useShortcut("palette", () => setPalette((before) => before + 1));
  useShortcut("arrange", () =>
    document.querySelector<HTMLElement>("[data-widget] [aria-pressed][aria-label]")?.focus(),
  );
  useShortcut("mail_page", () => void navigate({ to: "/mail", search: {} }), hasMail);
  usePop();
  useTabTitle();
  useOfferSound();
  useEffect(() => requests.on("open_phone_choice", () => setChoosing(true)), [requests]);
  useOpenContact();

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("app.skip")}
      </a>
      <header className={classes.top}>
        <Link to="/" className={classes.brand} aria-label={t("app.name")}>
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span>{t("app.name")}</span>
        </Link>
        <StateMenu />
        <button type="button" className={classes.search} onClick={() => setPalette(palette + 1)}>
          <IconSearch size={15} aria-hidden />
          <span>{t("app.search")}</span>
          <KeyHint action="palette" />
        </button>
        <div className={classes.tools}>
          <LookToggles />
          <MyMenu desktop={desktop} onLeave={leave} onPhone={() => setChoosing(true)} />
        </div>
      </header>
      <LiveBanner />
      <div className={classes.middle}>
        <Rail desktop={desktop} counts={{ "/mail": offeredMails }} />
        <main id="main" className={`${classes.main} scroll`} tabIndex={-1}>
          {atDesktop ? <h1 className="visually-hidden">{t("app.desktop")}</h1> : null}
          <div hidden={!atDesktop} className={classes.desktop}>
            <DesktopPage />
          </div>
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {palette > 0 ? (
        <Suspense fallback={null}>
          <Palette opened={palette} desktop={desktop} />
        </Suspense>
      ) : null}
      {choosing ? (
        <Suspense fallback={null}>
          <PhoneDialog desktop={desktop} opened onClose={() => setChoosing(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Wherever a contact is named, its page is one click away. */
export function useOpenContact() {
  const { requests } = useServices();
  const navigate = useNavigate();
  useEffect(
    () =>
      requests.on(
        "open_contact",
        ({ contactId }) => void navigate({ to: "/contacts", search: { contact: contactId } }),
      ),
    [requests, navigate],
  );
}

/** One listener for all shortcuts: whoever is there for an action answers. */
export function useKeys() {
  const { shortcuts: board, phone } = useServices();
  const keys = usePreference((state) => state.shortcuts);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const target = event.target;
      // In a dialog or an open menu letters belong to it.
      const inDialog = target instanceof Element && target.closest("[role=dialog],[role=menu]") !== null;
      const action = actionOf(event, isTypingTarget(target), keys);
      if (!action || (inDialog && action !== "palette")) return;
      if (board.run(action)) event.preventDefault();
    };
    const onTouch = () => phone.unblockSound();
    addEventListener("keydown", onKey);
    addEventListener("pointerdown", onTouch, { once: true });
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onTouch);
    };
  }, [board, keys, phone]);
}

/** An offered call brings the desktop to the front, whatever page was open. */
function usePop() {
  const contact = useContactAtHand();
  const navigate = useNavigate();
  const offered = contact?.phase === "reserved" ? contact.contact_id : null;
  useEffect(() => {
    if (offered !== null) void navigate({ to: "/" });
  }, [offered, navigate]);
}
