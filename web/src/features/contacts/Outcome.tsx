import { useTranslation } from "react-i18next";
import { type Icon, IconCheck, IconCircleDot, IconClock, IconPhoneX, IconX } from "../../ui/icons";
import { Pill, type Tone } from "../../ui/StatePill";

const looks: Record<string, { tone: Tone; icon: Icon }> = {
  answered: { tone: "good", icon: IconCheck },
  ended: { tone: "mute", icon: IconCheck },
  abandoned: { tone: "bad", icon: IconPhoneX },
  not_answered: { tone: "warn", icon: IconPhoneX },
  dissuaded: { tone: "warn", icon: IconX },
  timed_out: { tone: "warn", icon: IconClock },
  refused: { tone: "bad", icon: IconX },
  live: { tone: "accent", icon: IconCircleDot },
};

export function Outcome({ outcome }: { outcome: string }) {
  const { t, i18n } = useTranslation();
  const code = outcome || "live";
  const look = looks[code] ?? { tone: "mute", icon: IconCircleDot };
  return (
    <Pill tone={look.tone} icon={look.icon}>
      {i18n.exists(`outcome.${code}`) ? t(`outcome.${code}` as "outcome.answered") : code}
    </Pill>
  );
}
