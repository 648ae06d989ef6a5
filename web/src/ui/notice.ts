import i18next from "i18next";

/** Short notices at the top of the page. Their code comes right after the first paint, not before it. */
const code = () => import("@mantine/notifications");

export async function notice(color: "red" | "teal", message: string): Promise<void> {
  const { notifications } = await code();
  const closeButtonProps = { "aria-label": i18next.t("app.close") };
  notifications.show({ color, message, autoClose: 8_000, closeButtonProps });
}
