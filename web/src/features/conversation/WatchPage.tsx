import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveChat } from "../../client/conversation-api";
import { IconEye, IconMessages } from "../../ui/icons";
import { Pill } from "../../ui/StatePill";
import { useLive, useLiveHere, useServices } from "../../ui/services";
import { Timer } from "../../ui/Timer";
import { useCommand } from "../../ui/useCommand";
import classes from "./conversation.module.css";
import { messagesOf, type Rows, stateOf, typingOf } from "./fold";
import { Messages } from "./Messages";
import watching from "./watch.module.css";
import { useConversationWords } from "./words";

const again = 3_000;
const nothing: Rows = {};

/** For who leads: the chats that go on, the one that has waited longest on top; to read along, whisper, take over. */
export function WatchPage({ mayTakeOver }: { mayTakeOver: boolean }) {
  const { t } = useTranslation("conversation");
  const ready = useConversationWords();
  const { api } = useServices();
  useLiveHere("queues");
  const [chosen, setChosen] = useState<number | null>(null);
  const { data, isError } = useQuery({
    queryKey: ["live-chats"],
    queryFn: () => api.conversation.live(),
    refetchInterval: again,
  });
  if (!ready) return null;
  const chats = data?.items ?? [];
  const open = chats.find((each) => each.contact_id === chosen) ?? null;
  return (
    <div className={watching.page}>
      <section className={watching.list} aria-labelledby="live-chats">
        <h1 id="live-chats" className={watching.title}>
          {t("live_title")} <Pill tone={chats.length ? "accent" : "mute"}>{chats.length}</Pill>
        </h1>
        {isError ? <p role="alert">{t("live_failed")}</p> : null}
        {chats.length === 0 && !isError ? <p className={watching.faint}>{t("live_none")}</p> : null}
        {chats.map((chat) => (
          <button
            key={chat.contact_id}
            type="button"
            className={classes.session}
            aria-current={chat.contact_id === chosen || undefined}
            onClick={() => setChosen(chat.contact_id)}
          >
            <span className={classes.who}>
              <b>{chat.visitor || t("visitor")}</b>
              {chat.unanswered_since ? (
                <Timer since={chat.unanswered_since} className={classes.late} label={t("waits")} />
              ) : (
                <Timer since={chat.since} className={classes.time} />
              )}
            </span>
            <span className={classes.snippet}>
              <span>
                {[chat.agent?.name ?? t("nobody_yet"), chat.queue?.name].filter(Boolean).join(" · ")}
              </span>
            </span>
          </button>
        ))}
      </section>
      {open ? (
        <Watched key={open.contact_id} chat={open} mayTakeOver={mayTakeOver} onLeft={() => setChosen(null)} />
      ) : (
        <p className={watching.empty}>
          <IconMessages size={28} aria-hidden />
          {t("live_choose")}
        </p>
      )}
    </div>
  );
}

type WatchedProps = { chat: LiveChat; mayTakeOver: boolean; onLeft: () => void };

function Watched({ chat, mayTakeOver, onLeft }: WatchedProps) {
  const { t } = useTranslation("conversation");
  const { api, live } = useServices();
  const { busy, run } = useCommand();
  const [text, setText] = useState("");
  const id = chat.contact_id;
  const topic = `conversation:${id}` as const;
  useEffect(() => {
    void run(() => api.conversation.watch(id));
    const unfollow = live.follow(topic);
    return () => {
      unfollow();
      void api.conversation.leave(id).catch(() => undefined); // it may be over already
    };
  }, [api, live, topic, id, run]);
  const rows: Rows = useLive((state) => state.rows[topic]) ?? nothing;
  const state = stateOf(rows);
  const name = chat.visitor || t("visitor");
  const contact = { contact_id: id, remote: "", remote_name: name, phase: "watched" as const, language: "" };
  const whisper = async () => {
    const said = text.trim();
    if (!said) return;
    const message = { key: crypto.randomUUID(), kind: "whisper" as const, text: said };
    if (await run(() => api.conversation.write(id, message))) setText("");
  };
  return (
    <section className={`${classes.panel} ${watching.panel}`} aria-label={t("log", { name })}>
      <header className={classes.head}>
        <div className={classes.name}>
          <h2>{name}</h2>
          <p className={classes.faint}>
            <IconEye size={13} aria-hidden /> {t("watching")}
            {chat.agent ? ` · ${chat.agent.name}` : ""}
          </p>
        </div>
        {mayTakeOver ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            onClick={async () => {
              if (await run(() => api.conversation.takeOver(id))) onLeft();
            }}
          >
            {t("take_over")}
          </Button>
        ) : null}
      </header>
      <Messages
        contact={contact}
        messages={messagesOf(rows)}
        mine={[]}
        read={state?.visitor.read ?? 0}
        typing={typingOf(rows)}
        onAgain={() => undefined}
      />
      {state?.phase === "ended" ? (
        <p className={classes.notice}>{t("phase_ended")}</p>
      ) : (
        <form
          className={classes.composer}
          data-whisper
          onSubmit={(event) => {
            event.preventDefault();
            void whisper();
          }}
        >
          <textarea
            className={classes.field}
            aria-label={t("write_whisper")}
            placeholder={t("write_whisper")}
            rows={2}
            maxLength={4000}
            value={text}
            spellCheck
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
                event.preventDefault();
                void whisper();
              }
            }}
          />
          <div className={classes.row}>
            <Button type="submit" size="compact-md" loading={busy} disabled={!text.trim()}>
              {t("whisper_send")}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
