import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { dialString, looksLikeNumber, readableNumber } from "../../lib/text";
import { IconBackspace, IconDialpad, IconPhone, IconPhoneIncoming, IconPhoneOutgoing } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { type PickItem, PickList } from "../../ui/PickList";
import { useDesktop, useLive, useMyAgent, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./call.module.css";
import { padKeys } from "./Keypad";

/** Nothing at hand: call somebody, by number or from the contacts of late. */
export function DialPanel() {
  const { t } = useTranslation();
  const { api, requests } = useServices();
  const desktop = useDesktop();
  const { busy, run } = useCommand();
  const [text, setText] = useState("");
  const [pad, setPad] = useState(false);
  const [presented, setPresented] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const focus = useCallback(
    () => box.current?.querySelector<HTMLInputElement>("input[role=combobox]")?.focus(),
    [],
  );
  const found = useRecentContacts(text);
  const numbers = desktop?.presented_numbers ?? [];

  async function call(number: string) {
    if (await run(() => api.call(number, presented ?? undefined))) setText("");
  }
  useShortcut("dial", focus);
  useEffect(
    () =>
      requests.on("dial", ({ number }) => {
        setText(number);
        focus();
      }),
    [requests, focus],
  );

  const isNumber = looksLikeNumber(text);
  const typed = (words: string): PickItem | null =>
    looksLikeNumber(words)
      ? {
          id: dialString(words),
          label: t("dial.call_number", { number: readableNumber(dialString(words)) }),
          icon: <IconPhone size={18} aria-hidden />,
        }
      : null;

  return (
    <div className={classes.dial} ref={box}>
      <Idle />
      <PickList
        label={t("dial.label")}
        placeholder={t("dial.placeholder")}
        items={found}
        typed={typed}
        value={text}
        onTyping={setText}
        nothing={text ? t("dial.nothing") : t("dial.no_recent")}
        busy={busy}
        onPick={(item) => void call(item.id.replace(/^\d+:/, ""))}
        beside={
          <>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t("dial.pad")}
              aria-expanded={pad}
              onClick={() => setPad(!pad)}
            >
              <IconDialpad size={18} aria-hidden />
            </ActionIcon>
            <Button
              h={36}
              leftSection={<IconPhone size={16} aria-hidden />}
              rightSection={<KeyHint action="dial" loud />}
              loading={busy}
              onClick={() => (isNumber ? void call(dialString(text)) : focus())}
            >
              {t("dial.call")}
            </Button>
          </>
        }
        below={
          <>
            {numbers.length > 1 ? (
              <NativeSelect
                aria-label={t("dial.present")}
                leftSection={<IconPhoneOutgoing size={15} aria-hidden />}
                data={numbers.map((number) => ({
                  value: number,
                  label: `${t("dial.present")}${t("app.colon")}${readableNumber(number)}`,
                }))}
                value={presented ?? numbers[0] ?? ""}
                onChange={(event) => setPresented(event.currentTarget.value)}
              />
            ) : null}
            {pad ? <DialPad text={text} onChange={setText} /> : null}
          </>
        }
      />
    </div>
  );
}

function DialPad({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.pad}>
      <legend className="visually-hidden">{t("dial.pad")}</legend>
      {[...padKeys, "+"].map((digit) => (
        <button
          key={digit}
          type="button"
          className={classes.digit}
          aria-label={t("keypad.digit", { digit })}
          onClick={() => onChange(text + digit)}
        >
          {digit}
        </button>
      ))}
      <button
        type="button"
        className={classes.erase}
        onClick={() => onChange(text.slice(0, -1))}
        aria-label={t("dial.erase")}
      >
        <IconBackspace size={18} aria-hidden />
      </button>
    </fieldset>
  );
}

function Idle() {
  const { t } = useTranslation();
  const state = useMyAgent()?.state;
  const waiting = useLive(({ rows }) =>
    Object.values(rows.queues).reduce((sum, queue) => sum + queue.waiting, 0),
  );
  const chats = useLive(({ rows }) =>
    Object.values(rows.me).some((row) => "contact_id" in row && row.channel === "chat"),
  );
  return (
    <div className={classes.idle} data-state={state}>
      <p>{t(chats ? "dial.idle_chats" : state === "ready" ? "dial.idle_ready" : "dial.idle_withdrawn")}</p>
      <p className={classes.faint}>
        {waiting ? t("dial.waiting", { count: waiting }) : t("dial.waiting_none")}
      </p>
    </div>
  );
}

/** My latest contacts, one line per number; by name once something is typed. */
function useRecentContacts(text: string): PickItem[] {
  const { t } = useTranslation();
  const { api } = useServices();
  const query = text.trim() && !looksLikeNumber(text) ? text.trim() : "";
  const { data } = useQuery({
    queryKey: ["contacts", "recent", query],
    queryFn: ({ signal }) => api.contacts({ limit: query ? 20 : 12, q: query, mine: !query }, signal),
    placeholderData: (before) => before,
    staleTime: 15_000,
  });
  const seen = new Set<string>();
  return (data?.items ?? []).flatMap((row) => {
    if (!row.remote || row.remote.includes("@") || seen.has(row.remote)) return [];
    seen.add(row.remote);
    const Mark = row.direction === "inbound" ? IconPhoneIncoming : IconPhoneOutgoing;
    return {
      id: `${row.contact_id}:${row.remote}`,
      label: row.remote_name || readableNumber(row.remote),
      hint: row.remote_name ? readableNumber(row.remote) : row.queue?.name,
      also: row.remote,
      group: query ? t("dial.found") : t("dial.recent"),
      icon: <Mark size={17} aria-hidden />,
    };
  });
}
