import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatMessage } from "../../client/shapes";
import { remembered } from "../../lib/remembered";
import { IconChevronDown, IconMessageCircle, IconUser, IconUsers } from "../../ui/icons";
import { type PickItem, PickList } from "../../ui/PickList";
import { Pill, StatePill } from "../../ui/StatePill";
import { useLive, useMyAgent, useServices } from "../../ui/services";
import { WidgetFrame } from "../../ui/WidgetFrame";
import classes from "./chat.module.css";
import { Room } from "./Room";

export const team = "team";

/** The room that a message belongs to, seen by `me`. */
export function roomOf(message: ChatMessage, me: string): string {
  if (message.to === team) return team;
  return message.from_id === me ? message.to : message.from_id;
}

type ReadMarks = Record<string, string>;

/** Internal chat: the team, or one colleague with the state he is in. */
export function ChatWidget() {
  const { t } = useTranslation();
  const me = useMyAgent()?.id ?? "";
  const { messages, colleagues } = useLive(({ rows }) => ({
    messages: rows.chat,
    colleagues: rows.colleagues,
  }));
  const [room, setRoom] = useState(team);
  const [choosing, setChoosing] = useState(false);
  const [read, setRead] = useState<ReadMarks>(() => remembered.get<ReadMarks>(`chat-read.${me}`) ?? {});
  const queries = useQueryClient();

  const byRoom = useMemo(() => {
    const rooms = new Map<string, ChatMessage[]>();
    for (const message of Object.values(messages)) {
      const key = roomOf(message, me);
      rooms.set(key, [...(rooms.get(key) ?? []), message]);
    }
    for (const list of rooms.values()) list.sort((a, b) => a.at.localeCompare(b.at));
    return rooms;
  }, [messages, me]);
  const unreadIn = (key: string) =>
    (byRoom.get(key) ?? []).filter((each) => each.from_id !== me && each.at > (read[key] ?? "")).length;

  const latest = byRoom.get(room)?.at(-1)?.at ?? "";
  useEffect(() => {
    if (choosing || !latest || document.hidden) return;
    setRead((before) => {
      if ((before[room] ?? "") >= latest) return before;
      const after = { ...before, [room]: latest };
      remembered.set(`chat-read.${me}`, after);
      return after;
    });
  }, [room, latest, choosing, me]);

  const { requests } = useServices();
  useEffect(
    () =>
      requests.on("open_chat", ({ agentId }) => {
        setRoom(agentId);
        setChoosing(false);
      }),
    [requests],
  );

  const others = Object.values(colleagues).filter((each) => each.id !== me);
  const online = others.filter((each) => each.state !== "logged_out");
  const roomName = room === team ? t("chat.team") : (colleagues[room]?.name ?? room);
  const unreadElsewhere = [...byRoom.keys()]
    .filter((key) => key !== room)
    .reduce((sum, key) => sum + unreadIn(key), 0);

  const items: PickItem[] = [
    { id: team, label: t("chat.team"), hint: t("chat.everyone"), icon: <IconUsers size={18} aria-hidden /> },
    ...others
      .toSorted(
        (a, b) =>
          unreadIn(b.id) - unreadIn(a.id) ||
          Number(a.state === "logged_out") - Number(b.state === "logged_out") ||
          a.name.localeCompare(b.name),
      )
      .map((each) => ({
        id: each.id,
        label: each.name,
        icon: <IconUser size={18} aria-hidden />,
        aside: <StatePill state={each.state} reason={each.reason_name} />,
      })),
  ].map((item) => {
    const unread = unreadIn(item.id);
    return unread ? { ...item, hint: t("chat.unread", { count: unread }) } : item;
  });

  return (
    <WidgetFrame
      title={t("chat.title")}
      icon={IconMessageCircle}
      flush
      badge={<Pill tone={online.length ? "good" : "mute"}>{t("chat.online", { count: online.length })}</Pill>}
    >
      <button
        type="button"
        className={classes.room}
        aria-expanded={choosing}
        onClick={() => setChoosing(!choosing)}
      >
        <span className="visually-hidden">{t("chat.choose")}</span>
        {room === team ? <IconUsers size={16} aria-hidden /> : <IconUser size={16} aria-hidden />}
        <span className={classes.roomName}>{roomName}</span>
        {room !== team && colleagues[room] ? (
          <StatePill state={colleagues[room].state} reason={colleagues[room].reason_name} />
        ) : null}
        {unreadElsewhere ? <Pill tone="accent">{t("chat.unread", { count: unreadElsewhere })}</Pill> : null}
        <IconChevronDown size={14} aria-hidden />
      </button>
      {choosing ? (
        <div className={classes.choose}>
          <PickList
            label={t("chat.rooms")}
            placeholder={t("chat.find")}
            items={items}
            chosen={room}
            nothing={t("chat.nobody")}
            autoFocus
            onEscape={() => setChoosing(false)}
            onPick={({ id }) => {
              setRoom(id);
              setChoosing(false);
              void queries.invalidateQueries({ queryKey: ["chat", id] });
            }}
          />
        </div>
      ) : (
        <Room key={room} room={room} name={roomName} me={me} live={byRoom.get(room) ?? []} />
      )}
    </WidgetFrame>
  );
}
