import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { IconAlertTriangle, IconMicrophoneOff, IconVolume } from "../../ui/icons";
import { useMyAgent, usePhone, useServices } from "../../ui/services";
import classes from "./call.module.css";

/** What keeps sound or calls from reaching the agent, said where he looks, with what to do about it. */
export function LineNotices() {
  const { t } = useTranslation();
  const { phone } = useServices();
  const { soundBlocked, microphone } = usePhone(({ soundBlocked, microphone }) => ({
    soundBlocked,
    microphone,
  }));
  const agent = useMyAgent();
  return (
    <div role="alert" className={classes.notices}>
      {agent && !agent.telephony_up ? (
        <p className={classes.notice}>
          <IconAlertTriangle size={16} aria-hidden />
          {t("call.telephony_away")}
        </p>
      ) : null}
      {soundBlocked ? (
        <p className={classes.notice}>
          <IconVolume size={16} aria-hidden />
          {t("call.sound_blocked")}
          <Button size="compact-sm" onClick={() => phone.unblockSound()}>
            {t("call.sound_allow")}
          </Button>
        </p>
      ) : null}
      {microphone === "refused" ? (
        <p className={classes.notice}>
          <IconMicrophoneOff size={16} aria-hidden />
          {t("call.mic_refused")}
        </p>
      ) : null}
    </div>
  );
}
