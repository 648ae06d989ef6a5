import "@mantine/core/styles/Notification.css";
import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

export default function Notices() {
  return <Notifications position="top-center" limit={4} />;
}
