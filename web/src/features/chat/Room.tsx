import { ActionIcon, Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatMessage } from "../../client/shapes";
import { localeOf } from "../../lib/locale";
import { IconSend } from "../../ui/icons";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./chat.module.css";

type Props = { room: string; name: string; me: string; live: ChatMessage[] };

/** One conversation: what the live view has, and earlier messages on demand. */
export function Room({ room, name, me, live }: Props) {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [text, setText] = useState("");
  const key = useRef(crypto.randomUUID());
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const earlier = useInfiniteQuery({
    queryKey: ["chat", room],
    queryFn: ({ pageParam }) => api.messages(room, pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

  const messages = useMemo(() => {
    const all = new Map<string, ChatMessage>();
    for (const page of earlier.data?.pages ?? []) for (const each of page.items) all.set(each.id, each);
    for (const each of live) all.set(each.id, each);
    return [...all.values()].sort((a, b) => a.at.localeCompare(b.at));
  }, [earlier.data, live]);
  const count = messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what moves the view
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);

  async function send() {
    const said = text.trim();
    if (!said) return;
    atEnd.current = true;
    // The key makes a repeated send after a lost answer harmless.
    if (await run(() => api.say(room, said, key.current))) {
      setText("");
      key.current = crypto.randomUUID();
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void send();
    }
  }
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(localeOf(i18n.language), {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  let lastDay = "";
  let lastFrom = "";

  return (
    <div className={classes.conversation}>
      <ol
        ref={list}
        className={`${classes.messages} scroll`}
        aria-label={t("chat.messages", { name })}
        aria-live="polite"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
        tabIndex={0}
        onScroll={({ currentTarget: box }) => {
          atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
        }}
      >
        {earlier.hasNextPage ? (
          <li className={classes.centre}>
            <Button
              variant="subtle"
              size="compact-sm"
              loading={earlier.isFetching}
              onClick={() => void earlier.fetchNextPage()}
            >
              {t("chat.earlier")}
            </Button>
          </li>
        ) : null}
        {count === 0 && !earlier.isPending ? <li className={classes.centre}>{t("chat.empty")}</li> : null}
        {messages.map((message) => {
          const at = new Date(message.at);
          const thisDay = day.format(at);
          const newDay = thisDay !== lastDay;
          const newFrom = newDay || message.from_id !== lastFrom;
          lastDay = thisDay;
          lastFrom = message.from_id;
          const mine = message.from_id === me;
          return (
            <li key={message.id} className={classes.message} data-mine={mine || undefined}>
              {newDay ? <p className={classes.day}>{thisDay}</p> : null}
              {newFrom ? (
                <p className={classes.from}>
                  <b>{mine ? t("chat.me") : message.from_name}</b>{" "}
                  <time dateTime={message.at}>{time.format(at)}</time>
                </p>
              ) : null}
              <p className={classes.text}>{message.text}</p>
            </li>
          );
        })}
      </ol>
      <div className={classes.compose}>
        <textarea
          className={classes.field}
          aria-label={t("chat.write", { name })}
          placeholder={t("chat.write", { name })}
          rows={1}
          maxLength={4000}
          value={text}
          spellCheck
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ActionIcon size={34} aria-label={t("chat.send")} loading={busy} onClick={() => void send()}>
          <IconSend size={16} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}
