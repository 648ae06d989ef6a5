/**
 * The live view of the centre in this browser: one WebSocket, one store, topics as folds.
 *
 * `status`: `connecting` (never had a snapshot), `live`, `away` (was live; rows are as of `asOf`), `closed` (the
 * server ended it and said why; no reconnection by itself). Reconnects with back-off and jitter, at once when the
 * browser says that it is back online.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ServerClock } from "./clock";
import { type DeltaFrame, foldDelta, foldSnapshot, type SnapshotFrame, type TopicFold } from "./folding";
import type { Rows, Topic } from "./rows";

export type LiveStatus = "idle" | "connecting" | "live" | "away" | "closed";
export type ClosedReason = "taken_over" | "logged_out" | "session_ended";

export type LiveState = {
  status: LiveStatus;
  closed: ClosedReason | null;
  /** Server time (ms) of the last word from the server. */
  asOf: number;
  /** Server time (ms) of the next attempt while away. */
  retryAt: number;
  rows: Rows;
};

type Socket = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
};
type Dependencies = {
  open: () => Socket;
  clock: ServerClock;
  desktopId: string;
  random?: () => number;
};

const emptyRows: Rows = { me: {}, colleagues: {}, queues: {}, chat: {}, figures: {}, work: {}, viewers: {} };
const pingEvery = 5_000;
const silenceLimit = 12_000;
const longestBackOff = 8_000;

export class Live {
  readonly store: StoreApi<LiveState>;
  private readonly folds = new Map<Topic, TopicFold>();
  private readonly awaited = new Set<Topic>();
  private socket: Socket | null = null;
  private wanted: Topic[] = [];
  /** Topics that an open page follows, with how many of them do. */
  private readonly followed = new Map<Topic, number>();
  private looking = 0;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private beat: ReturnType<typeof setInterval> | null = null;
  private pings = new Map<number, number>();
  private pingNumber = 0;
  private heardAt = 0;

  constructor(private readonly on: Dependencies) {
    this.store = createStore<LiveState>(() => ({
      status: "idle",
      closed: null,
      asOf: 0,
      retryAt: 0,
      rows: emptyRows,
    }));
  }

  start(topics: readonly Topic[]): void {
    this.wanted = [...topics];
    this.attempts = 0;
    this.store.setState({ status: "connecting", closed: null });
    this.connect();
  }

  stop(): void {
    this.wanted = [];
    this.looking = 0;
    this.dropSocket();
    this.folds.clear();
    this.store.setState({ status: "idle", closed: null, rows: emptyRows });
  }

  /** A topic beside the usual ones, for as long as a page is open. Its absence does not make the view stale. */
  follow(topic: Topic): () => void {
    const before = this.followed.get(topic) ?? 0;
    this.followed.set(topic, before + 1);
    if (before === 0 && this.socket?.readyState === 1) this.subscribe([topic]);
    return () => {
      const left = (this.followed.get(topic) ?? 1) - 1;
      if (left > 0) return void this.followed.set(topic, left);
      this.followed.delete(topic);
      this.folds.delete(topic);
      this.awaited.delete(topic);
      if (this.socket?.readyState === 1) this.socket.send(JSON.stringify({ unsubscribe: [topic] }));
      const { rows } = this.store.getState();
      this.store.setState({ rows: { ...rows, [topic]: {} } });
    };
  }

  /** Tells the others which contact is open here (0: none), so that two do not work on the same. */
  look(contactId: number): void {
    if (this.looking === contactId) return;
    this.looking = contactId;
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify({ look: contactId }));
  }

  /** Something that may be lost: that somebody is typing. */
  say(what: Record<string, unknown>): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(what));
  }

  /** Try now rather than at the end of the back-off (the network is back, the person asked). */
  hurry(): void {
    if (this.socket || this.wanted.length === 0 || this.store.getState().status === "closed") return;
    this.attempts = 0;
    this.connect();
  }

  /** The network changed under the socket: it may never notice by itself. */
  restart(): void {
    if (this.wanted.length === 0 || this.store.getState().status === "closed") return;
    this.lost();
  }

  private connect(): void {
    this.dropSocket();
    this.on.clock.forget();
    const socket = this.on.open();
    this.socket = socket;
    this.heardAt = this.on.clock.localNow();
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.heardAt = this.on.clock.localNow();
      this.subscribe([...this.wanted, ...this.followed.keys()]);
      if (this.looking !== 0) socket.send(JSON.stringify({ look: this.looking }));
      this.ping();
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(String(event.data));
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
    this.beat = setInterval(() => this.watch(), pingEvery);
  }

  private subscribe(topics: Topic[]): void {
    for (const topic of topics) this.awaited.add(topic);
    this.socket?.send(JSON.stringify({ subscribe: topics, desktop_id: this.on.desktopId }));
  }

  private ping(): void {
    const n = ++this.pingNumber;
    this.pings.set(n, this.on.clock.localNow());
    this.socket?.send(JSON.stringify({ ping: n }));
  }

  private watch(): void {
    if (this.on.clock.localNow() - this.heardAt > silenceLimit) this.lost();
    else if (this.socket?.readyState === 1) this.ping();
  }

  private receive(text: string): void {
    const frame = JSON.parse(text) as Record<string, unknown>;
    this.heardAt = this.on.clock.localNow();
    const serverNow = typeof frame.now === "string" ? Date.parse(frame.now) : Number.NaN;
    if (typeof frame.pong === "number") this.hearPong(frame.pong, serverNow);
    else if (typeof frame.closed === "string") this.closedByServer(frame.closed as ClosedReason);
    else if (typeof frame.topic === "string") this.hearTopic(frame as never, serverNow);
    if (this.store.getState().status === "live") this.store.setState({ asOf: this.on.clock.now() });
  }

  private hearPong(n: number, serverNow: number): void {
    const sent = this.pings.get(n);
    this.pings.clear();
    if (sent !== undefined) this.on.clock.learn(serverNow, sent, this.heardAt);
  }

  private hearTopic(
    frame: SnapshotFrame | DeltaFrame | { topic: Topic; resync: true },
    serverNow: number,
  ): void {
    this.on.clock.hint(serverNow);
    const topic = frame.topic as Topic;
    if ("resync" in frame) {
      this.resubscribe(topic);
      return;
    }
    const fresh = "snapshot" in frame;
    // Deltas of the subscription that was given up may still be under way: they are not for the new one.
    if (!fresh && this.awaited.has(topic)) return;
    const fold = fresh ? foldSnapshot(frame) : foldDelta(this.folds.get(topic), frame);
    if (fold === "gap") {
      this.resubscribe(topic);
      return;
    }
    this.awaited.delete(topic);
    const before = this.folds.get(topic);
    this.folds.set(topic, fold);
    const { rows, status } = this.store.getState();
    const changes: Partial<LiveState> = {};
    if (before?.rows !== fold.rows) changes.rows = { ...rows, [topic]: fold.rows };
    if (status !== "live" && this.wanted.every((each) => this.folds.has(each))) {
      changes.status = "live";
      this.attempts = 0;
    }
    if (Object.keys(changes).length > 0) this.store.setState(changes);
  }

  private resubscribe(topic: Topic): void {
    if (this.awaited.has(topic)) return;
    this.folds.delete(topic);
    this.subscribe([topic]);
  }

  private closedByServer(reason: ClosedReason): void {
    this.dropSocket();
    this.folds.clear();
    this.store.setState({ status: "closed", closed: reason });
  }

  private lost(): void {
    this.dropSocket();
    this.folds.clear();
    const random = this.on.random ?? Math.random;
    const wait = Math.min(longestBackOff, 250 * 2 ** this.attempts) * (0.7 + 0.6 * random());
    this.attempts += 1;
    const { status } = this.store.getState();
    this.store.setState({
      status: status === "live" ? "away" : status,
      retryAt: this.on.clock.now() + wait,
    });
    this.retry = setTimeout(() => this.connect(), wait);
  }

  private dropSocket(): void {
    if (this.retry) clearTimeout(this.retry);
    if (this.beat) clearInterval(this.beat);
    this.retry = null;
    this.beat = null;
    this.pings.clear();
    this.awaited.clear();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

export function liveSocket(path = "/api/v1/live"): () => WebSocket {
  return () => {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(url);
  };
}
