import { ActionIcon } from "@mantine/core";
import { myMails } from "../../realtime/rows";
import { IconExternalLink, IconMail } from "../../ui/icons";
import { Pill } from "../../ui/StatePill";
import { useLive } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import { MailDesk } from "./MailDesk";
import { useText } from "./text";

/** Mail as a widget of the desktop. While its page is open the page has the desk. */
export default function MailWidget({ onPage, away }: { onPage: () => void; away: boolean }) {
  const { t, common } = useText();
  const count = useLive(({ rows }) => myMails(rows.me).length);
  return (
    <WidgetFrame
      title={common("app.mail")}
      icon={IconMail}
      flush
      badge={count ? <Pill tone="accent">{count}</Pill> : null}
      actions={
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("open_page")} onClick={onPage}>
          <IconExternalLink size={15} aria-hidden />
        </ActionIcon>
      }
    >
      {away ? null : <MailDesk />}
    </WidgetFrame>
  );
}
