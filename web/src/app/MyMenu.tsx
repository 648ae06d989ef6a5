import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Desktop } from "../client/shapes";
import { initials } from "../lib/text";
import { IconHeadset, IconLayoutGrid, IconLogout } from "../ui/icons";
import { usePreference, useServices } from "../ui/services";
import { AsOf } from "./AsOf";
import { type WidgetId, widgetTitles } from "./DesktopPage";
import classes from "./Shell.module.css";

type Props = { desktop: Desktop; onLeave: () => Promise<void>; onPhone: () => void };

export function MyMenu({ desktop, onLeave, onPhone }: Props) {
  const { t } = useTranslation();
  const { preferences } = useServices();
  const layouts = usePreference((state) => state.layouts);
  const hidden = layouts.hidden ?? [];
  const name = desktop.agent?.name ?? desktop.person.name;
  const toggle = (id: WidgetId) =>
    preferences.change({
      layouts: {
        ...layouts,
        hidden: hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id],
      },
    });
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button type="button" className={classes.avatar}>
          <span aria-hidden>{initials(name)}</span>
          <span className="visually-hidden">{`${t("app.my_menu")}: ${name}`}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.me}>
          <b>{name}</b>
          <span>{desktop.person.tenant_name}</span>
          <AsOf />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconHeadset size={16} aria-hidden />} onClick={onPhone}>
          {t("app.change_phone")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("app.widgets")}</Menu.Label>
        {(Object.keys(widgetTitles) as WidgetId[])
          .filter((id) => id !== "mail" || desktop.mail)
          .map((id) => (
            <Menu.CheckboxItem key={id} checked={!hidden.includes(id)} onChange={() => toggle(id)}>
              {t(widgetTitles[id])}
            </Menu.CheckboxItem>
          ))}
        <Menu.Item
          leftSection={<IconLayoutGrid size={16} aria-hidden />}
          onClick={() => preferences.change({ layouts: {} })}
        >
          {t("grid.reset")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void onLeave()}>
          {t("app.log_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
