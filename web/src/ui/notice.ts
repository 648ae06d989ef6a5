/** Short notices at the top of the page. Their code comes right after the first paint, not before it. */
const code = () => import("@mantine/notifications");

export async function notice(color: "red" | "teal", message: string): Promise<void> {
  const { notifications } = await code();
  notifications.show({ color, message, autoClose: 8_000 });
}
