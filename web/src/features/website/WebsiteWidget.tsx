import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconExternalLink, IconRefresh, IconWorld } from "../../ui/icons";
import { useContactAtHand } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import classes from "./WebsiteWidget.module.css";

/** Only web addresses are shown: a template may not turn into script or into a page of ours. */
export function safeAddress(
  text: string,
  own: string,
): { href: string; host: string; foreign: boolean } | null {
  try {
    const url = new URL(text);
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    return { href: url.href, host: url.host, foreign: url.origin !== own };
  } catch {
    return null;
  }
}

/** The page that the centre chose for this contact; it stays through the wrap-up and after, until the next one. */
export function WebsiteWidget() {
  const { t } = useTranslation();
  const website = useContactAtHand()?.website ?? "";
  const [address, setAddress] = useState(website);
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    if (website) setAddress(website);
  }, [website]);
  const page = safeAddress(address, location.origin);

  return (
    <WidgetFrame
      title={t("website.title")}
      icon={IconWorld}
      flush
      actions={
        page ? (
          <>
            <Tooltip label={t("website.reload")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("website.reload")}
                onClick={() => setLoads(loads + 1)}
              >
                <IconRefresh size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t("website.open")}>
              <ActionIcon
                component="a"
                href={page.href}
                target="_blank"
                rel="noopener noreferrer"
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("website.open")}
              >
                <IconExternalLink size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null
      }
    >
      {page ? (
        <div className={classes.page}>
          <p className={classes.address} title={page.href}>
            <IconWorld size={13} aria-hidden /> {page.href}
          </p>
          <iframe
            key={`${page.href} ${loads}`}
            className={classes.frame}
            src={page.href}
            title={t("website.frame", { host: page.host })}
            referrerPolicy="no-referrer"
            sandbox={`allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox${page.foreign ? " allow-same-origin" : ""}`}
          />
          <p className={classes.hint}>{t("website.hint")}</p>
        </div>
      ) : (
        <div className={classes.none}>
          <IconWorld size={28} stroke={1.4} aria-hidden />
          <p>{t("website.none")}</p>
          <p className={classes.noneHint}>{t("website.none_hint")}</p>
        </div>
      )}
    </WidgetFrame>
  );
}
