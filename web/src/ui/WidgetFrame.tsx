import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Icon, IconDots, IconEyeOff, IconGripVertical, IconKeyboard, IconRefresh } from "./icons";
import classes from "./WidgetFrame.module.css";
import { useFrame } from "./WidgetGrid";

type Props = {
  title: string;
  icon: Icon;
  badge?: React.ReactNode;
  actions?: React.ReactNode;
  children: React.ReactNode;
  flush?: boolean;
};

/** The frame around a widget: its handle (mouse and keys), name, badge and menu. */
export function WidgetFrame({ title, icon: Mark, badge, actions, children, flush }: Props) {
  const { t } = useTranslation();
  const frame = useFrame();
  const titleId = useId();
  const handle = useRef<HTMLButtonElement>(null);
  const arranging = frame?.arranging ?? false;
  useEffect(() => {
    if (arranging) handle.current?.focus();
  }, [arranging]);

  function onKeyDown(event: KeyboardEvent) {
    if (!frame) return;
    const steps: Record<string, { dx: number; dy: number }> = {
      ArrowLeft: { dx: -1, dy: 0 },
      ArrowRight: { dx: 1, dy: 0 },
      ArrowUp: { dx: 0, dy: -1 },
      ArrowDown: { dx: 0, dy: 1 },
    };
    const step = steps[event.key];
    if (arranging && step) {
      event.preventDefault();
      frame.nudge(step, event.shiftKey);
    } else if (arranging && event.key === "Escape") {
      event.preventDefault();
      frame.arrange(false);
    }
  }

  return (
    <section className={classes.frame} aria-labelledby={titleId} data-arranging={arranging || undefined}>
      <header className={classes.head} data-drag-handle={frame?.movable || undefined}>
        {frame?.movable ? (
          <Tooltip
            label={arranging ? t("grid.keys") : t("grid.handle")}
            opened={arranging || undefined}
            position="top-start"
          >
            <button
              ref={handle}
              type="button"
              className={classes.handle}
              aria-label={t("grid.move", { title })}
              aria-pressed={arranging}
              onClick={() => frame.arrange(!arranging)}
              onBlur={() => arranging && frame.arrange(false)}
              onKeyDown={onKeyDown}
            >
              <IconGripVertical size={14} aria-hidden />
            </button>
          </Tooltip>
        ) : (
          <Mark size={16} className={classes.mark} aria-hidden />
        )}
        <h2 id={titleId} className={classes.title}>
          {title}
        </h2>
        <div className={classes.aside} data-no-drag>
          {badge}
          {actions}
          {frame ? (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("grid.menu", { title })}>
                  <IconDots size={16} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {frame.movable ? (
                  <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={() => frame.arrange(true)}>
                    {t("grid.by_keys")}
                  </Menu.Item>
                ) : null}
                <Menu.Item leftSection={<IconEyeOff size={15} />} onClick={frame.hide}>
                  {t("grid.hide")}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item leftSection={<IconRefresh size={15} />} onClick={frame.reset}>
                  {t("grid.reset")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          ) : null}
        </div>
      </header>
      <div className={`${classes.body} scroll`} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}
