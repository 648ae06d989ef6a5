import { useCallback, useEffect } from "react";
import { useDesktop, useServices } from "../../ui/services";
import classes from "./desk.module.css";
import { InboxesPage } from "./InboxesPage";
import { MailDesk } from "./MailDesk";
import { useText } from "./text";
import { ValidationPage } from "./ValidationPage";

export type MailTab = "desk" | "validation" | "inboxes";
type Props = {
  contact: number | null;
  tab: MailTab;
  onGo: (to: { contact: number | null; tab: MailTab }) => void;
};

/** Mail as a page of its own: the desk, and for who may, validation and inboxes. */
export default function MailPage({ contact, tab, onGo }: Props) {
  const { t } = useText();
  const { mailDesk } = useServices();
  const desktop = useDesktop();
  const permissions = desktop?.person.permissions ?? [];
  const tabs: MailTab[] = [
    ...(desktop?.agent && desktop.mail ? (["desk"] as const) : []),
    ...(permissions.includes("mail.validate") ? (["validation"] as const) : []),
    ...(permissions.includes("mail.supervise") ? (["inboxes"] as const) : []),
  ];
  const shown = tabs.includes(tab) ? tab : (tabs[0] ?? "desk");
  useEffect(() => {
    if (contact !== null) mailDesk.setState({ open: contact });
  }, [contact, mailDesk]);
  const onOpened = useCallback((id: number | null) => onGo({ contact: id, tab: "desk" }), [onGo]);
  return (
    <div className={classes.page}>
      {tabs.length > 1 ? (
        <nav className={classes.tabs} aria-label={t("tabs.label")}>
          <h1>{t("title")}</h1>
          {tabs.map((each) => (
            <button
              key={each}
              type="button"
              className={classes.tab}
              aria-current={each === shown ? "page" : undefined}
              onClick={() => onGo({ contact: each === "desk" ? mailDesk.getState().open : null, tab: each })}
            >
              {t(`tabs.${each}`)}
            </button>
          ))}
        </nav>
      ) : (
        <h1 className="visually-hidden">{t("title")}</h1>
      )}
      <div className={classes.body}>
        {shown === "desk" ? (
          <MailDesk onOpened={onOpened} />
        ) : shown === "validation" ? (
          <ValidationPage />
        ) : (
          <InboxesPage />
        )}
      </div>
    </div>
  );
}
