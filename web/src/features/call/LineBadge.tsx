import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconHeadset,
  IconHourglass,
  IconPlugConnectedX,
  IconWifi,
} from "../../ui/icons";
import { Pill } from "../../ui/StatePill";
import { useMyAgent, usePhone } from "../../ui/services";

/** How my phone is: registered or not, and while a call is up its codec and quality. */
export function LineBadge() {
  const { t } = useTranslation();
  const agent = useMyAgent();
  const phone = usePhone((state) => state);
  if (!agent?.phone) return null;
  if (agent.phone.kind !== "browser")
    return agent.phone_reachable ? (
      <Pill tone="good" icon={IconCircleCheck}>
        {t("call.line_ready")}
      </Pill>
    ) : (
      <Pill tone="bad" icon={IconPlugConnectedX}>
        {t("call.line_away")}
      </Pill>
    );
  if (phone.mending)
    return (
      <Pill tone="warn" icon={IconHourglass}>
        {t("call.line_mending")}
      </Pill>
    );
  if (phone.quality) {
    const { mos, codec, roundTripMs, jitterMs, lossPercent } = phone.quality;
    const title = t("call.line_title", {
      rtt: Math.round(roundTripMs),
      jitter: Math.round(jitterMs),
      loss: lossPercent.toFixed(1),
    });
    return (
      <Tooltip label={title}>
        <span>
          <Pill
            tone={mos >= 4 ? "good" : mos >= 3.4 ? "warn" : "bad"}
            icon={mos >= 3.4 ? IconWifi : IconAlertTriangle}
          >
            {t("call.line_up", { codec, mos: mos.toFixed(1) })}
          </Pill>
        </span>
      </Tooltip>
    );
  }
  if (phone.registration === "registered")
    return (
      <Pill tone="good" icon={phone.role === "mirror" ? IconHeadset : IconCircleCheck}>
        {t(phone.role === "mirror" ? "call.line_elsewhere" : "call.line_ready")}
      </Pill>
    );
  return phone.registration === "failed" ? (
    <Pill tone="bad" icon={IconPlugConnectedX}>
      {t("call.line_failed")}
    </Pill>
  ) : (
    <Pill tone="warn" icon={IconHourglass}>
      {t("call.line_connecting")}
    </Pill>
  );
}
