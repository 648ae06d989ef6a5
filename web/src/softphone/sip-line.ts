/** A `Line` over JsSIP. Loaded only by the tab that is the telephone. */
import * as JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import type { Line, LineCall, LineHandlers, LineSettings } from "./line";

/** Host candidates arrive at once; a STUN or TURN server that is slower than this would only delay the answer. */
const iceGatheringLimit = 700;

export async function openSipLine(settings: LineSettings, on: LineHandlers): Promise<Line> {
  const socket = new JsSIP.WebSocketInterface(settings.websocketUrl);
  const ua = new JsSIP.UA({
    sockets: [socket],
    uri: settings.uri,
    authorization_user: settings.username,
    password: settings.password,
    register: true,
    register_expires: 60,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    user_agent: "Cordboard",
  });
  ua.on("connecting", () => on.registration("connecting"));
  ua.on("registered", () => on.registration("registered"));
  ua.on("unregistered", () => on.registration("connecting"));
  ua.on("disconnected", () => on.registration("connecting"));
  ua.on("registrationFailed", (event) => on.registration("failed", String(event.cause ?? "")));
  ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
    if (event.originator !== "remote") return;
    const { session, request } = event;
    const contact = Number(request.getHeader("X-Cordboard-Contact"));
    const alert = String(request.getHeader("Alert-Info") ?? "");
    const itself = request.getHeader("X-Cordboard-Answer") === "auto" || /auto-?answer/i.test(alert);
    const contactId = Number.isFinite(contact) && contact > 0 ? contact : null;
    on.call(lineCall(session, { contactId, answersItself: itself, iceServers: settings.iceServers }, on));
  });
  ua.start();
  return {
    reconnect: () => {
      // The network changed: the old connection may look open for minutes. Its end is said to the stack, which then
      // connects and registers anew by itself.
      socket.disconnect();
      socket.ondisconnect(true, 1006, "network changed");
    },
    stop: () => ua.stop(),
  };
}

function lineCall(
  session: RTCSession,
  {
    contactId,
    answersItself,
    iceServers,
  }: Pick<LineCall, "contactId" | "answersItself"> & Pick<LineSettings, "iceServers">,
  on: LineHandlers,
): LineCall {
  const call: LineCall = {
    id: session.id,
    contactId,
    answersItself,
    answer: (microphoneId) =>
      session.answer({
        mediaConstraints: {
          audio: {
            echoCancellation: true,
            noiseSuppression: true,
            autoGainControl: true,
            ...(microphoneId ? { deviceId: { ideal: microphoneId } } : {}),
          },
          video: false,
        },
        pcConfig: { iceServers, bundlePolicy: "max-bundle" },
      }),
    mute: (muted) => (muted ? session.mute({ audio: true }) : session.unmute({ audio: true })),
    end: () => {
      if (!session.isEnded()) session.terminate();
    },
    restartIce: () => {
      if (!session.isEstablished()) return;
      session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }, () =>
        on.ice(call, session.connection.iceConnectionState),
      );
    },
    connection: () => session.connection ?? null,
  };
  session.on("peerconnection", ({ peerconnection }) => watchMedia(peerconnection, call, on));
  session.on("confirmed", () => on.established(call));
  session.on("getusermediafailed", () => on.noMicrophone(call));
  session.on("ended", () => on.ended(call));
  session.on("failed", () => on.ended(call));
  let waiting = false;
  session.on("icecandidate", ({ ready }) => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      ready();
    }, iceGatheringLimit);
  });
  return call;
}

function watchMedia(connection: RTCPeerConnection, call: LineCall, on: LineHandlers): void {
  connection.addEventListener("track", (event) => {
    on.audio(call, event.streams[0] ?? new MediaStream([event.track]));
  });
  connection.addEventListener("iceconnectionstatechange", () => on.ice(call, connection.iceConnectionState));
}
