import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyContact } from "../../realtime/rows";
import {
  IconArrowForwardUp,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconNote,
  IconPhone,
  IconPhoneOff,
  IconPhoneX,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
} from "../../ui/icons";
import { useMyAgent, usePhone, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { CallButton } from "./CallButton";
import { CallCard } from "./CallCard";
import classes from "./call.module.css";
import { DraftFields } from "./DraftFields";
import { Keypad } from "./Keypad";
import { TransferPanel } from "./TransferPanel";

type Drawer = "transfer" | "keypad" | "note" | null;

/** An offered, dialled or talking call and everything that can be done with it. */
export function CallPanel({ contact }: { contact: MyContact }) {
  const muted = usePhone((state) => state.call?.muted ?? false);
  const [drawer, setDrawer] = useState<Drawer>(null);
  const ringing = contact.phase === "reserved";
  useEffect(() => {
    if (ringing) setDrawer(null);
  }, [ringing]);
  return (
    <>
      <CallCard contact={contact} muted={muted} />
      {ringing ? (
        <OfferButtons contact={contact} />
      ) : (
        <Controls contact={contact} drawer={drawer} setDrawer={setDrawer} />
      )}
      {drawer === "transfer" ? <TransferPanel contact={contact} onDone={() => setDrawer(null)} /> : null}
      {drawer === "keypad" ? <Keypad contact={contact} onDone={() => setDrawer(null)} /> : null}
      {drawer === "note" || (drawer === null && contact.can.includes("wrap_up")) ? (
        <DraftFields contact={contact} focusNote={drawer === "note"} />
      ) : null}
    </>
  );
}

function OfferButtons({ contact }: { contact: MyContact }) {
  const { t } = useTranslation();
  const { api, phone } = useServices();
  const agent = useMyAgent();
  const call = usePhone((state) => state.call);
  const { busy, run } = useCommand();
  const inBrowser = agent?.phone?.kind === "browser";
  const canAccept = contact.can.includes("accept");
  const lineHere =
    inBrowser && call !== null && (call.contactId === null || call.contactId === contact.contact_id);
  const canAnswer = canAccept || (lineHere && call.phase === "ringing");

  function answer() {
    if (lineHere) phone.answer();
    else void run(() => api.accept(contact.contact_id));
  }
  useShortcut("answer", answer, canAnswer);
  useShortcut(
    "decline",
    () => void run(() => api.decline(contact.contact_id)),
    contact.can.includes("decline"),
  );

  const word =
    call?.phase === "answering" || call?.phase === "up"
      ? t("call.answering")
      : inBrowser && !canAnswer
        ? t("call.waiting_line")
        : t("call.answer");
  return (
    <div className={classes.offer}>
      {inBrowser || canAccept ? (
        <CallButton tone="answer" icon={IconPhone} action="answer" disabled={!canAnswer} onClick={answer}>
          {word}
        </CallButton>
      ) : (
        <p className={classes.lift}>
          <IconPhone size={18} aria-hidden /> {t("call.answer_on_phone")}
        </p>
      )}
      {contact.can.includes("decline") ? (
        <CallButton
          icon={IconPhoneX}
          action="decline"
          disabled={busy}
          onClick={() => void run(() => api.decline(contact.contact_id))}
        >
          {t("call.decline")}
        </CallButton>
      ) : null}
    </div>
  );
}

type ControlsProps = { contact: MyContact; drawer: Drawer; setDrawer: (drawer: Drawer) => void };

function Controls({ contact, drawer, setDrawer }: ControlsProps) {
  const { t } = useTranslation();
  const { api, phone } = useServices();
  const agent = useMyAgent();
  const line = usePhone((state) => state.call);
  const { busy, run } = useCommand();
  const id = contact.contact_id;
  const can = new Set(contact.can);
  const held = contact.phase === "held";
  const inBrowser = agent?.phone?.kind === "browser";
  const canMute = inBrowser && line?.phase === "up";
  const muted = line?.muted ?? false;
  const canHold = can.has("hold") || can.has("resume");
  const toggle = (name: Exclude<Drawer, null>) => setDrawer(drawer === name ? null : name);
  const hold = () => void run(() => (can.has("resume") ? api.resume(id) : api.hold(id)));
  const hangUp = () => void run(() => api.hangUp(id));

  useShortcut("mute", () => phone.mute(!muted), canMute);
  useShortcut("hold", hold, canHold && !busy);
  useShortcut("transfer", () => toggle("transfer"), can.has("transfer"));
  useShortcut("keypad", () => toggle("keypad"), can.has("digits"));
  useShortcut("hang_up", hangUp, can.has("hang_up") && !busy);
  useShortcut("note", () => setDrawer("note"), can.has("wrap_up"));

  return (
    <div className={classes.controls}>
      {inBrowser ? (
        <CallButton
          icon={muted ? IconMicrophoneOff : IconMicrophone}
          action="mute"
          pressed={muted}
          disabled={!canMute}
          onClick={() => phone.mute(!muted)}
        >
          {t(muted ? "call.unmute" : "call.mute")}
        </CallButton>
      ) : null}
      <CallButton
        icon={held || contact.phase === "adrift" ? IconPlayerPlay : IconPlayerPause}
        action="hold"
        pressed={held}
        disabled={!canHold || busy}
        onClick={hold}
      >
        {t(can.has("resume") ? "call.resume" : "call.hold")}
      </CallButton>
      <CallButton
        icon={IconArrowForwardUp}
        action="transfer"
        expanded={drawer === "transfer"}
        disabled={!can.has("transfer")}
        onClick={() => toggle("transfer")}
      >
        {t("call.transfer")}
      </CallButton>
      <CallButton
        icon={IconDialpad}
        action="keypad"
        expanded={drawer === "keypad"}
        disabled={!can.has("digits")}
        onClick={() => toggle("keypad")}
      >
        {t("call.keypad")}
      </CallButton>
      {can.has("reconnect") && (contact.phase === "adrift" || (inBrowser && line === null)) ? (
        <CallButton icon={IconRefresh} disabled={busy} onClick={() => void run(() => api.reconnect(id))}>
          {t("call.reconnect")}
        </CallButton>
      ) : (
        <CallButton
          icon={IconNote}
          action="note"
          expanded={drawer === "note"}
          disabled={!can.has("wrap_up")}
          onClick={() => toggle("note")}
        >
          {t("call.note")}
        </CallButton>
      )}
      <CallButton
        tone="hang_up"
        icon={IconPhoneOff}
        action="hang_up"
        disabled={!can.has("hang_up") || busy}
        onClick={hangUp}
      >
        {t("call.hang_up")}
      </CallButton>
    </div>
  );
}
