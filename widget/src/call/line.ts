/** The page as a telephone line: it registers with the account of this one call, and answers when it is called. */
import * as JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";

export type Account = {
  socket: string;
  uri: string;
  username: string;
  password: string;
  ice_servers: RTCIceServer[];
};
export type Heard = {
  /** Registered for the first time: the server may call. */
  ready(): void;
  talking(): void;
  sound(stream: MediaStream): void;
  /** The line's call has ended; the server may call again if it was only broken. */
  ended(by: "them" | "failure"): void;
  failed(): void;
};
export type Line = { mute(on: boolean): void; hangUp(): void; stop(): void };

/** Host candidates arrive at once; a STUN or TURN server that is slower than this would only delay the answer. */
const ICE_LIMIT = 700;

export function openLine(url: string, account: Account, microphone: MediaStream, on: Heard): Line {
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(url)],
    uri: account.uri,
    authorization_user: account.username,
    password: account.password,
    register_expires: 60,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    user_agent: "Cordboard page",
  });
  let session: RTCSession | null = null;
  let told = false;
  ua.on("registered", () => {
    if (!told) on.ready();
    told = true;
  });
  ua.on("registrationFailed", () => told || on.failed());
  ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
    if (event.originator !== "remote") return;
    const call = event.session;
    session?.isEnded() === false && session.terminate();
    session = call;
    let gathering = false;
    call.on("icecandidate", ({ ready }) => {
      if (gathering) return;
      gathering = true;
      setTimeout(ready, ICE_LIMIT);
    });
    call.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (track) =>
        on.sound(track.streams[0] ?? new MediaStream([track.track])),
      );
    });
    call.on("confirmed", () => on.talking());
    const ended = (by: "them" | "failure") => {
      if (session === call) on.ended(by);
    };
    call.on("ended", ({ originator }) => ended(originator === "remote" ? "them" : "failure"));
    call.on("failed", () => ended("failure"));
    call.answer({
      mediaStream: microphone,
      pcConfig: { iceServers: account.ice_servers, bundlePolicy: "max-bundle" },
    });
  });
  ua.start();
  return {
    mute: (on) => {
      for (const track of microphone.getAudioTracks()) track.enabled = !on;
    },
    hangUp: () => {
      if (session && !session.isEnded()) session.terminate();
    },
    stop: () => ua.stop(),
  };
}
