/** Everything the desktop stands on is built here, by hand. */
import { Api } from "../client/api";
import { newMailDesk } from "../client/mail-desk";
import { Preferences } from "../client/preferences";
import { ShortcutBoard } from "../lib/shortcut-board";
import { Requester } from "../lib/signal";
import { ServerClock } from "../realtime/clock";
import { Live, liveSocket } from "../realtime/live";
import { webLockElection } from "../softphone/election";
import { chosenMicrophone } from "../softphone/microphone";
import { Softphone } from "../softphone/phone";
import { RingTone } from "../softphone/ringtone";
import type { Services } from "../ui/services";

/** Names this tab towards the server; a reload is the same desktop. */
function desktopId(): string {
  const kept = sessionStorage.getItem("cordboard.desktop");
  if (kept && performance.getEntriesByType("navigation")[0]?.toJSON().type === "reload") return kept;
  const fresh = crypto.randomUUID();
  sessionStorage.setItem("cordboard.desktop", fresh);
  return fresh;
}

function websocketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

export function buildServices(): Services {
  const api = new Api();
  const clock = new ServerClock();
  const live = new Live({ open: liveSocket(), clock, desktopId: desktopId() });
  const preferences = new Preferences(api, navigator.language);
  const audio = new Audio();
  audio.autoplay = true;
  const phone = new Softphone({
    openLine: async (settings, on) => (await import("../softphone/sip-line")).openSipLine(settings, on),
    election: webLockElection("cordboard-phone"),
    channel: "BroadcastChannel" in window ? new BroadcastChannel("cordboard-phone") : null,
    ring: new RingTone(() => preferences.store.getState().alerts.sound),
    audio,
    microphoneId: chosenMicrophone,
    websocketUrl,
  });
  return {
    api,
    clock,
    live,
    phone,
    preferences,
    shortcuts: new ShortcutBoard(),
    requests: new Requester(),
    mailDesk: newMailDesk(),
  };
}
