import { Menu } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconChevronDown, IconCircleCheck, IconClock, IconCoffee, IconPlugConnectedX } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { stateIcons, stateTones } from "../../ui/StatePill";
import { useDesktop, useMyAgent, useServices, useShortcut } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import classes from "./StateMenu.module.css";

/** The words of a withdrawal: the centre's own name, or ours for what the service itself gives. */
export function useReasonName() {
  const { t, i18n } = useTranslation();
  return (id: string, name: string) =>
    id && i18n.exists(`reason.${id}`) ? t(`reason.${id}` as "reason.declined") : name;
}

/** My state with its time; opens to Ready and the withdrawal reasons. */
export function StateMenu() {
  const { t } = useTranslation();
  const { api } = useServices();
  const agent = useMyAgent();
  const desktop = useDesktop();
  const reasonName = useReasonName();
  const { run } = useCommand();
  const [open, setOpen] = useState(false);
  const state = agent?.state ?? "logged_out";
  const seated = state !== "logged_out";
  const busy = state === "in_contact" || state === "wrap_up" || state === "reserved";
  const planned = agent?.planned_reason_id ?? null;
  const canBeReady = seated && (state === "withdrawn" || planned !== null);

  useShortcut("ready", () => void run(api.becomeReady), canBeReady);
  useShortcut("withdraw", () => setOpen(true), seated);

  if (!agent) return <span className={classes.placeholder} />;
  const Mark = stateIcons[state];
  const word =
    state === "withdrawn" && agent.reason_id
      ? reasonName(agent.reason_id, agent.reason_name)
      : t(`state.${state}`);
  const reasons = desktop?.withdrawal_reasons ?? [];
  const plannedName = planned ? (reasons.find((reason) => reason.id === planned)?.name ?? planned) : "";

  return (
    <Menu opened={open} onChange={setOpen} position="bottom-start" width={280} closeOnItemClick>
      <Menu.Target>
        <button type="button" className={classes.pill} data-tone={stateTones[state]} disabled={!seated}>
          <Mark size={16} stroke={2.2} aria-hidden />
          <span className="visually-hidden">{t("state.menu", { state: word })}</span>
          <span className={classes.word} aria-hidden>
            {word}
          </span>
          <Timer since={agent.since} className={classes.time} label={t("state.since")} />
          {planned ? (
            <span className={classes.planned}>
              <IconClock size={13} aria-hidden />{" "}
              <span>{t("state.after_call", { reason: plannedName })}</span>
            </span>
          ) : null}
          {seated && agent.phone && !agent.phone_reachable ? (
            <IconPlugConnectedX size={15} className={classes.trouble} aria-label={t("state.phone_away")} />
          ) : null}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCircleCheck size={17} className={classes.good} aria-hidden />}
          rightSection={<KeyHint action="ready" />}
          disabled={!canBeReady}
          onClick={() => void run(api.becomeReady)}
        >
          {planned ? t("state.take_back") : t("state.become_ready")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <span className={classes.label}>
            {t("state.withdraw_with")}
            <KeyHint action="withdraw" />
          </span>
          {busy ? <span className={classes.hint}>{t("state.after_call_menu")}</span> : null}
        </Menu.Label>
        {reasons.map((reason) => (
          <Menu.Item
            key={reason.id}
            leftSection={<IconCoffee size={17} className={classes.warn} aria-hidden />}
            aria-current={(planned ?? agent.reason_id) === reason.id || undefined}
            onClick={() => void run(() => api.withdraw(reason.id))}
          >
            {reason.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
