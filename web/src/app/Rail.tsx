import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Desktop } from "../client/shapes";
import {
  type Icon,
  IconBooks,
  IconChartBar,
  IconHistory,
  IconLayoutDashboard,
  IconMail,
  IconMessages,
} from "../ui/icons";
import { type PagePath, pagesOf } from "./pages";
import classes from "./Shell.module.css";

const looks: Record<PagePath, { icon: Icon; word: "mail" | "contacts" | "answers" | "chats" | "figures" }> = {
  "/mail": { icon: IconMail, word: "mail" },
  "/contacts": { icon: IconHistory, word: "contacts" },
  "/answers": { icon: IconBooks, word: "answers" },
  "/chats": { icon: IconMessages, word: "chats" },
  "/figures": { icon: IconChartBar, word: "figures" },
};

type Props = { desktop: Desktop; counts?: Partial<Record<PagePath, number>> };

/** The pages that a person may open, the desktop first for who has one. */
export function Rail({ desktop, counts = {} }: Props) {
  const { t } = useTranslation();
  return (
    <nav className={classes.rail} aria-label={t("app.main_menu")}>
      {desktop.agent ? (
        <Link to="/" className={classes.railLink} activeOptions={{ exact: true }}>
          <IconLayoutDashboard size={20} aria-hidden />
          <span>{t("app.desktop")}</span>
        </Link>
      ) : null}
      {pagesOf(desktop).map((path) => {
        const { icon: Mark, word } = looks[path];
        return (
          <Link
            key={path}
            to={path}
            search={{}}
            className={classes.railLink}
            activeOptions={{ includeSearch: false }}
          >
            <Mark size={20} aria-hidden />
            <span>{t(`app.${word}`)}</span>
            {counts[path] ? <span className={classes.railCount}>{counts[path]}</span> : null}
          </Link>
        );
      })}
    </nav>
  );
}
