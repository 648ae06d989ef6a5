import { useTranslation } from "react-i18next";
import type { AgentStateName } from "../realtime/rows";
import {
  type Icon,
  IconCircleCheck,
  IconClipboardCheck,
  IconCoffee,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPower,
} from "./icons";
import classes from "./StatePill.module.css";

export type Tone = "good" | "warn" | "bad" | "calm" | "mute" | "accent";

export const stateIcons: Record<AgentStateName, Icon> = {
  ready: IconCircleCheck,
  reserved: IconPhoneIncoming,
  in_contact: IconPhoneCall,
  wrap_up: IconClipboardCheck,
  withdrawn: IconCoffee,
  logged_out: IconPower,
};
export const stateTones: Record<AgentStateName, Tone> = {
  ready: "good",
  reserved: "accent",
  in_contact: "accent",
  wrap_up: "calm",
  withdrawn: "warn",
  logged_out: "mute",
};

/** A state by icon, word and colour: none of the three alone. */
export function StatePill({ state, reason }: { state: AgentStateName; reason?: string | null }) {
  const { t } = useTranslation();
  const Mark = stateIcons[state];
  return (
    <span className={classes.pill} data-tone={stateTones[state]}>
      <Mark size={13} stroke={2.2} aria-hidden />
      <span className={classes.word}>{state === "withdrawn" && reason ? reason : t(`state.${state}`)}</span>
    </span>
  );
}

export function Pill({ tone, icon: Mark, children }: { tone: Tone; icon?: Icon; children: React.ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {Mark ? <Mark size={13} stroke={2.2} aria-hidden /> : null}
      <span className={classes.word}>{children}</span>
    </span>
  );
}
