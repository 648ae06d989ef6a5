import { Button, SegmentedControl, Switch, Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Theme } from "../../client/preferences";
import type { Named } from "../../client/shapes";
import { languages } from "../../ui/i18n";
import { IconCircleCheck, IconPlugConnectedX, IconUserCircle } from "../../ui/icons";
import { Pill } from "../../ui/StatePill";
import { useDesktop, useMyAgent, usePreference, useServices } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import classes from "./profile.module.css";

const KeyTable = lazy(async () => ({ default: (await import("./KeyTable")).KeyTable }));
const PasswordForm = lazy(async () => ({ default: (await import("./PasswordForm")).PasswordForm }));

/** Who I am here, what I can, where calls reach me, how I like it. */
export function ProfileWidget() {
  const { t } = useTranslation();
  return (
    <WidgetFrame title={t("profile.title")} icon={IconUserCircle} flush>
      <Tabs defaultValue="me" className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.list}>
          <Tabs.Tab value="me">{t("profile.me")}</Tabs.Tab>
          <Tabs.Tab value="phone">{t("profile.phone")}</Tabs.Tab>
          <Tabs.Tab value="keys">{t("profile.keys")}</Tabs.Tab>
          <Tabs.Tab value="security">{t("profile.security")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="me" className={`${classes.panel} scroll`}>
          <Me />
        </Tabs.Panel>
        <Tabs.Panel value="phone" className={`${classes.panel} scroll`}>
          <Phone />
        </Tabs.Panel>
        <Tabs.Panel value="keys" className={`${classes.panel} scroll`}>
          <Suspense fallback={null}>
            <KeyTable />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="security" className={`${classes.panel} scroll`}>
          <Suspense fallback={null}>
            <PasswordForm />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </WidgetFrame>
  );
}

function names(list: Named[], none: string): string {
  return list.map((each) => each.name).join(", ") || none;
}

function Me() {
  const { t } = useTranslation();
  const { preferences } = useServices();
  const desktop = useDesktop();
  const { language, theme, alerts } = usePreference(({ language, theme, alerts }) => ({
    language,
    theme,
    alerts,
  }));
  const agent = desktop?.agent;
  if (!agent) return null;
  return (
    <>
      <p className={classes.name}>{agent.name}</p>
      <dl className={classes.facts}>
        <dt>{t("profile.groups")}</dt>
        <dd>{names(agent.groups, t("app.none"))}</dd>
        <dt>{t("profile.spaces")}</dt>
        <dd>{names(agent.spaces, t("app.none"))}</dd>
        <dt>{t("profile.location")}</dt>
        <dd>{agent.location?.name ?? "–"}</dd>
        <dt>{t("profile.extension")}</dt>
        <dd>{agent.extension || "–"}</dd>
      </dl>
      <h3 className={classes.heading}>{t("profile.skills")}</h3>
      <ul className={classes.skills}>
        {agent.skills.map((skill) => (
          <li key={skill.id}>
            <span>{skill.name}</span>
            <span
              className={classes.level}
              role="img"
              aria-label={t("profile.level", { level: skill.level })}
            >
              {[1, 2, 3, 4, 5].map((step) => (
                <i key={step} data-on={step <= skill.level || undefined} />
              ))}
              <b>{skill.level}</b>
            </span>
          </li>
        ))}
      </ul>
      <h3 className={classes.heading}>{t("profile.language")}</h3>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("profile.language")}
        value={language}
        onChange={(value) => preferences.change({ language: value as "en" | "fr" })}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <h3 className={classes.heading}>{t("profile.theme")}</h3>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("profile.theme")}
        value={theme}
        onChange={(value) => preferences.change({ theme: value as Theme })}
        data={(["light", "dark", "auto"] as const).map((value) => ({
          value,
          label: t(`profile.theme_${value}`),
        }))}
      />
      <h3 className={classes.heading}>{t("profile.alerts")}</h3>
      <Switch
        label={t("profile.alert_sound")}
        checked={alerts.sound}
        onChange={(event) =>
          preferences.change({ alerts: { ...alerts, sound: event.currentTarget.checked } })
        }
      />
      {desktop?.mail?.mode === "pull" ? (
        <Switch
          mt={8}
          label={t("profile.alert_count")}
          checked={alerts.count}
          onChange={(event) =>
            preferences.change({ alerts: { ...alerts, count: event.currentTarget.checked } })
          }
        />
      ) : null}
    </>
  );
}

function Phone() {
  const { t } = useTranslation();
  const { requests } = useServices();
  const agent = useMyAgent();
  if (!agent?.phone) return null;
  return (
    <>
      <h3 className={classes.heading}>{t("profile.reached")}</h3>
      <p className={classes.reached}>
        <b>{t(`phone_kind.${agent.phone.kind}`)}</b>
        {agent.phone.kind === "number" ? <span>{agent.phone.address}</span> : null}
        {agent.phone_reachable ? (
          <Pill tone="good" icon={IconCircleCheck}>
            {t("profile.reachable")}
          </Pill>
        ) : (
          <Pill tone="bad" icon={IconPlugConnectedX}>
            {t("profile.unreachable")}
          </Pill>
        )}
      </p>
      <Button variant="default" onClick={() => requests.ask("open_phone_choice", undefined)}>
        {t("profile.choose_phone")}
      </Button>
    </>
  );
}
