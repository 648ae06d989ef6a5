import type { TFunction } from "i18next";
import type { MyContact } from "../../realtime/rows";

export function visitorName(
  contact: Pick<MyContact, "remote_name" | "remote">,
  t: TFunction<"conversation">,
): string {
  return contact.remote_name || contact.remote || t("visitor");
}
