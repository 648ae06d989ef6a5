import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationState } from "../../client/conversation-api";
import type { MyContact } from "../../realtime/rows";
import {
  IconArrowForwardUp,
  IconCheck,
  IconExternalLink,
  IconLogout,
  IconPhone,
  IconUserPlus,
} from "../../ui/icons";
import { useLive, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { CallVisitor } from "./CallVisitor";
import { ClosePanel } from "./ClosePanel";
import { Composer } from "./Composer";
import classes from "./conversation.module.css";
import { messagesOf, type OnItsWay, type Rows, stateOf, stillOnTheirWay, typingOf } from "./fold";
import { Messages } from "./Messages";
import { visitorName } from "./names";
import { ToWhom } from "./ToWhom";

type Drawer = "transfer" | "invite" | "call" | "close" | null;
const nothing: Rows = {};
const noSteps: ConversationState["hand_to"] = [];

/** One chat: who it is, what was said, what can be answered, and where it can go. */
export function ConversationPanel({ contact }: { contact: MyContact }) {
  const { t } = useTranslation("conversation");
  const { api, live } = useServices();
  const topic = `conversation:${contact.contact_id}` as const;
  useEffect(() => live.follow(topic), [live, topic]);
  const rows: Rows = useLive((state) => state.rows[topic]) ?? nothing;
  const state = stateOf(rows);
  const typing = typingOf(rows);
  const messages = messagesOf(rows);
  const [mine, setMine] = useState<OnItsWay[]>([]);
  const [drawer, setDrawer] = useState<Drawer>(null);
  const over = contact.phase === "wrap_up" || state?.phase === "ended";
  const name = visitorName(contact, t);
  const toggle = (which: Drawer) => setDrawer(drawer === which ? null : which);
  const guest = contact.role === "colleague";
  const { run } = useCommand();
  const leave = () => void run(() => api.conversation.leave(contact.contact_id));
  useShortcut("transfer", () => toggle("transfer"), !over && !guest);
  useShortcut("hang_up", () => (guest ? leave() : toggle("close")), !over);
  const mayCall = !over && Boolean(state?.can.includes("call") && state.calls.length);
  useShortcut("call_visitor", () => toggle("call"), mayCall);
  useReadMark(contact, messages.at(-1)?.n ?? 0);

  return (
    <section className={classes.panel} aria-label={t("log", { name })}>
      <header className={classes.head}>
        <div className={classes.name}>
          <h3>{name}</h3>
          <Page url={state?.visitor.page_url} title={state?.visitor.page_title} />
        </div>
        {over ? null : guest ? (
          // Who was invited may leave; where the chat goes is for who holds it to say.
          <Action label={t("leave")} on={false} onClick={leave}>
            <IconLogout size={17} aria-hidden />
          </Action>
        ) : (
          <>
            {mayCall ? (
              <Action label={t("call")} on={drawer === "call"} onClick={() => toggle("call")}>
                <IconPhone size={17} aria-hidden />
              </Action>
            ) : null}
            <Action label={t("transfer")} on={drawer === "transfer"} onClick={() => toggle("transfer")}>
              <IconArrowForwardUp size={17} aria-hidden />
            </Action>
            <Action label={t("invite")} on={drawer === "invite"} onClick={() => toggle("invite")}>
              <IconUserPlus size={17} aria-hidden />
            </Action>
            <Action label={t("close")} on={drawer === "close"} onClick={() => toggle("close")}>
              <IconCheck size={17} aria-hidden />
            </Action>
          </>
        )}
      </header>
      {!over && state && !state.visitor.connected ? <p className={classes.notice}>{t("away")}</p> : null}
      {drawer === "call" ? (
        <CallVisitor contact={contact} state={state} onDone={() => setDrawer(null)} />
      ) : drawer === "transfer" || drawer === "invite" ? (
        <ToWhom
          contact={contact}
          what={drawer}
          steps={state?.hand_to ?? noSteps}
          onDone={() => setDrawer(null)}
        />
      ) : (
        <Messages
          contact={contact}
          messages={messages}
          mine={stillOnTheirWay(mine, messages)}
          read={state?.visitor.read ?? 0}
          typing={typing}
          onAgain={(key) => setMine(mine.filter((each) => each.key !== key))}
        />
      )}
      {over || drawer === "close" ? (
        <ClosePanel contact={contact} over={over} onBack={() => setDrawer(null)} />
      ) : (
        <Composer
          contact={contact}
          name={name}
          onSend={(message) => setMine((before) => [...stillOnTheirWay(before, messages), message])}
          onFailed={(key) =>
            setMine((before) => before.map((each) => (each.key === key ? { ...each, failed: true } : each)))
          }
        />
      )}
    </section>
  );
}

function Action(props: { label: string; on: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant={props.on ? "light" : "subtle"}
        color="gray"
        aria-label={props.label}
        aria-expanded={props.on}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Where the visitor is on the site. Only what a browser may open becomes a link. */
function Page({ url, title }: { url: string | undefined; title: string | undefined }) {
  const { t } = useTranslation("conversation");
  if (!url || !/^https?:\/\//.test(url)) return null;
  return (
    <p className={classes.faint}>
      {t("on_page")}{" "}
      <a href={url} target="_blank" rel="noopener noreferrer">
        {title || url} <IconExternalLink size={12} aria-hidden />
      </a>
    </p>
  );
}

/** Tells what was read, once for each new message while the page is looked at. */
function useReadMark(contact: MyContact, last: number) {
  const { api } = useServices();
  useEffect(() => {
    if (!last || contact.phase !== "talking") return;
    const tell = () => {
      if (document.visibilityState === "visible")
        void api.conversation.read(contact.contact_id, last).catch(() => undefined); // the next one tells more
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [api, contact.contact_id, contact.phase, last]);
}
