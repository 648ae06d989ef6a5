/**
 * The softphone: registration, the calls that reach this browser, and what is mirrored to its other tabs.
 *
 * It knows lines and sound, not contacts: which call exists and what state it is in is said by the server alone.
 * A person's tabs share one telephone. The tab that holds the lock registers; it publishes `PhoneState`, the others
 * show it and send their commands through the channel.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Election } from "./election";
import type { Line, LineCall, LineHandlers, OpenLine } from "./line";
import { type Quality, QualityMeter } from "./quality";

export type PhoneRole = "off" | "waiting" | "phone" | "mirror";
export type PhoneCall = {
  contactId: number | null;
  /** `ringing`: an INVITE is here; `answering`: our 200 is on its way; `up`: acknowledged. */
  phase: "ringing" | "answering" | "up";
  muted: boolean;
};
export type PhoneState = {
  role: PhoneRole;
  registration: "off" | "connecting" | "registered" | "failed";
  call: PhoneCall | null;
  quality: Quality | null;
  /** The network path is broken and being rebuilt. */
  mending: boolean;
  microphone: "unknown" | "ok" | "refused";
  /** The browser wants a click before it plays sound. */
  soundBlocked: boolean;
};
export type SipLogin = {
  websocket_path: string;
  uri: string;
  username: string;
  password: string;
  ice_servers?: RTCIceServer[];
};

type Command = { do: "answer" | "end" | "mute" | "unmute" | "hello" };
type Word = { state: PhoneState } | Command | { gone: true };

type Dependencies = {
  openLine: OpenLine;
  election: Election;
  channel: BroadcastChannel | null;
  ring: { start(): void; stop(): void };
  audio: HTMLAudioElement;
  microphoneId: () => string | null;
  websocketUrl: (path: string) => string;
};

const off: PhoneState = {
  role: "off",
  registration: "off",
  call: null,
  quality: null,
  mending: false,
  microphone: "unknown",
  soundBlocked: false,
};
const qualityEvery = 2_000;
/** How long a broken media path may take to mend before the line is given up and dialled again. */
const mendingLimit = 7_000;

export class Softphone {
  readonly store: StoreApi<PhoneState> = createStore<PhoneState>(() => off);
  private login: SipLogin | null = null;
  private leave: (() => void) | null = null;
  private line: Line | null = null;
  private opening = 0;
  private call: LineCall | null = null;
  private meter = new QualityMeter();
  private looking: ReturnType<typeof setInterval> | null = null;
  private mendBy: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly with_: Dependencies) {
    with_.channel?.addEventListener("message", (event: MessageEvent<Word>) => this.hear(event.data));
  }

  /** Be reachable with this login; the same login again changes nothing. */
  start(login: SipLogin): void {
    if (this.login && this.login.username === login.username && this.login.password === login.password)
      return;
    this.stop();
    this.login = login;
    this.set({ role: "waiting", registration: "connecting" });
    this.leave = this.with_.election.enter(() => this.elected());
    this.tell({ do: "hello" });
  }

  stop(): void {
    this.login = null;
    this.opening += 1;
    this.call?.end();
    this.dropCall();
    this.line?.stop();
    this.line = null;
    if (this.store.getState().role === "phone") this.tell({ gone: true });
    this.leave?.();
    this.leave = null;
    this.store.setState(off, true);
  }

  answer(): void {
    if (this.isMirror()) {
      this.tell({ do: "answer" });
      return;
    }
    const state = this.store.getState().call;
    if (!this.call || state?.phase !== "ringing") return;
    this.with_.ring.stop();
    this.patchCall({ phase: "answering" });
    this.call.answer(this.with_.microphoneId());
  }

  mute(on: boolean): void {
    if (this.isMirror()) {
      this.tell({ do: on ? "mute" : "unmute" });
      return;
    }
    if (!this.call || this.store.getState().call?.phase !== "up") return;
    this.call.mute(on);
    this.patchCall({ muted: on });
  }

  /** Ends the line at once. The contact itself is hung up through the server. */
  end(): void {
    if (this.isMirror()) this.tell({ do: "end" });
    else this.call?.end();
  }

  /** After a click: browsers refuse sound before the person has touched the page. */
  unblockSound(): void {
    if (this.with_.audio.srcObject) this.playAudio();
    if (this.store.getState().call?.phase === "ringing" && this.call && !this.call.answersItself)
      this.with_.ring.start();
  }

  /** The network changed or came back: registers again, and then rebuilds the media path. */
  networkChanged(): void {
    if (!this.line) return;
    this.set({ registration: "connecting", mending: this.call !== null });
    this.line.reconnect();
    // The old path may have survived: then nothing is mended, and nothing given up.
    setTimeout(() => this.mendBy === null && this.stopMending(), mendingLimit);
  }

  private elected(): void {
    const { login } = this;
    if (!login) return;
    const opening = ++this.opening;
    this.set({ role: "phone", registration: "connecting", call: null, quality: null });
    const settings = {
      websocketUrl: this.with_.websocketUrl(login.websocket_path),
      uri: login.uri,
      username: login.username,
      password: login.password,
      iceServers: login.ice_servers ?? [],
    };
    this.with_.openLine(settings, this.handlers()).then(
      (line) => {
        if (this.opening === opening) this.line = line;
        else line.stop();
      },
      () => this.set({ registration: "failed" }),
    );
  }

  private handlers(): LineHandlers {
    const mine = (call: LineCall) => this.call?.id === call.id;
    return {
      registration: (registration) => {
        this.set({ registration });
        if (registration === "registered" && this.store.getState().mending) this.call?.restartIce();
      },
      call: (call) => this.invited(call),
      established: (call) => {
        if (!mine(call)) return;
        this.patchCall({ phase: "up" });
        this.set({ microphone: "ok" });
        this.meter = new QualityMeter();
        this.looking = setInterval(() => void this.lookAtQuality(), qualityEvery);
      },
      audio: (call, stream) => {
        if (!mine(call)) return;
        this.with_.audio.srcObject = stream;
        this.playAudio();
      },
      ice: (call, state) => mine(call) && this.iceChanged(call, state),
      noMicrophone: (call) => mine(call) && this.set({ microphone: "refused" }),
      ended: (call) => mine(call) && this.dropCall(),
    };
  }

  private invited(call: LineCall): void {
    // One telephone, one call: a line dialled again by the server replaces the one that it gave up.
    if (this.call && !call.answersItself) {
      call.end();
      return;
    }
    const replaced = this.call;
    this.dropCall();
    replaced?.end();
    this.call = call;
    this.set({ call: { contactId: call.contactId, phase: "ringing", muted: false } });
    if (call.answersItself) this.answer();
    else this.with_.ring.start();
  }

  private iceChanged(call: LineCall, state: RTCIceConnectionState): void {
    if (state === "connected" || state === "completed") {
      this.stopMending();
    } else if (state === "disconnected" || state === "failed") {
      this.set({ mending: true });
      if (state === "failed" && this.store.getState().registration === "registered") call.restartIce();
      this.mendBy ??= setTimeout(() => call.end(), mendingLimit);
    }
  }

  private stopMending(): void {
    if (this.mendBy) clearTimeout(this.mendBy);
    this.mendBy = null;
    if (this.store.getState().mending) this.set({ mending: false });
  }

  private dropCall(): void {
    this.with_.ring.stop();
    this.stopMending();
    if (this.looking) clearInterval(this.looking);
    this.looking = null;
    this.call = null;
    this.with_.audio.srcObject = null;
    this.set({ call: null, quality: null, soundBlocked: false });
  }

  private async lookAtQuality(): Promise<void> {
    const connection = this.call?.connection();
    if (!connection) return;
    const report = await connection.getStats();
    const stats: Record<string, unknown>[] = [];
    report.forEach((each: Record<string, unknown>) => {
      stats.push(each);
    });
    const quality = this.meter.read(stats);
    if (this.call && quality) this.set({ quality });
  }

  private playAudio(): void {
    this.with_.audio.play().then(
      () => this.set({ soundBlocked: false }),
      (error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError")
          this.set({ soundBlocked: true });
      },
    );
  }

  private patchCall(change: Partial<PhoneCall>): void {
    const { call } = this.store.getState();
    if (call) this.set({ call: { ...call, ...change } });
  }

  private set(change: Partial<PhoneState>): void {
    this.store.setState(change);
    if (this.store.getState().role === "phone") this.tell({ state: this.store.getState() });
  }

  private isMirror(): boolean {
    return this.store.getState().role === "mirror";
  }

  private tell(word: Word): void {
    this.with_.channel?.postMessage(word);
  }

  private hear(word: Word): void {
    const { role } = this.store.getState();
    if ("state" in word) {
      if (role === "waiting" || role === "mirror") this.store.setState({ ...word.state, role: "mirror" });
    } else if ("gone" in word) {
      if (role === "mirror") this.store.setState({ ...off, role: "waiting", registration: "connecting" });
    } else if (role === "phone") {
      this.obey(word);
    }
  }

  private obey({ do: what }: Command): void {
    if (what === "answer") this.answer();
    else if (what === "end") this.end();
    else if (what === "hello") this.tell({ state: this.store.getState() });
    else this.mute(what === "mute");
  }
}
