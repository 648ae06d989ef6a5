import type { TFunction } from "i18next";
import type { ContactRow } from "../../client/shapes";
import { type Icon, IconMail, IconMessages, IconPhoneIncoming, IconPhoneOutgoing } from "../../ui/icons";

/** The sign of a contact's channel, and what it says: "Call, incoming". */
export function channelMark(
  { channel, direction }: Pick<ContactRow, "channel" | "direction">,
  t: TFunction,
): [Icon, string] {
  const voice = direction === "inbound" ? IconPhoneIncoming : IconPhoneOutgoing;
  const icon = channel === "email" ? IconMail : channel === "chat" ? IconMessages : voice;
  const name = t(`search.channel.${channel}` as "search.channel.voice");
  return [icon, `${name}, ${t(`contacts.${direction}`).toLowerCase()}`];
}
