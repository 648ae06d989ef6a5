/**
 * One visitor's line to the server: a WebSocket that comes back by itself, long polling where no WebSocket gets through.
 *
 * What the visitor says is kept (`unsent`) until the message that carries its key has come back, and said again after each
 * reconnection: the server knows the key, so nothing is doubled. What the server says is numbered; a hole is asked for again.
 */
import type { Api } from "./api";
import { Refused } from "./api";
import { type Conversation, fold, nothingYet } from "./fold";
import type { FromServer, Kept, ToServer } from "./protocol";

export type Line = "connecting" | "up" | "away" | "gone";

export type Store = { read(): Kept[]; write(unsent: readonly Kept[]): void };

type Problem = { code: string; detail: string; key?: string };

const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];
const PING_EVERY = 25_000;
const SILENT_FOR = 40_000;
/** Sockets that fail this often before they have said hello are given up for a while: something in between stops them. */
const BROKEN_SOCKETS = 2;
const TRY_SOCKETS_AGAIN = 120_000;

export class Connection {
  conversation: Conversation = nothingYet;
  line: Line = "connecting";
  unsent: Kept[];
  problem: Problem | null = null;

  #socket: WebSocket | null = null;
  #failures = 0;
  #withoutHello = 0;
  #heardAt = 0;
  #timer = 0;
  #beat = 0;
  #polling: AbortController | null = null;
  #stopped = false;

  readonly #api: Api;
  readonly #token: string;
  readonly #store: Store;
  readonly #changed: () => void;

  constructor(api: Api, token: string, store: Store, changed: () => void) {
    this.#api = api;
    this.#token = token;
    this.#store = store;
    this.#changed = changed;
    this.unsent = store.read();
    addEventListener("online", this.#atOnce);
    document.addEventListener("visibilitychange", this.#atOnce);
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener("online", this.#atOnce);
    document.removeEventListener("visibilitychange", this.#atOnce);
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    this.#polling?.abort();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** Says something that must arrive. */
  say(frame: Kept): void {
    this.#keep([...this.unsent, frame]);
    this.problem = null;
    this.send(frame);
    this.#changed();
  }

  /** Says something that may be lost (typing, reading). */
  send(frame: ToServer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
    else if (this.#polling && frame.t !== "ping" && frame.t !== "typing")
      void this.#api.post(this.#token, [frame]).catch(() => this.#failed());
  }

  #keep(unsent: Kept[]): void {
    this.unsent = unsent;
    this.#store.write(unsent);
  }

  #become(line: Line): void {
    if (this.line === line) return;
    this.line = line;
    this.#changed();
  }

  readonly #atOnce = (): void => {
    if (document.visibilityState === "hidden" || this.#stopped || this.line !== "away") return;
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#open();
  };

  #open(): void {
    if (this.#stopped || this.#socket || this.#polling) return;
    if (this.#withoutHello >= BROKEN_SOCKETS) void this.#poll();
    else this.#connect();
  }

  #connect(): void {
    const socket = new WebSocket(this.#api.socketUrl(this.#token, this.conversation.last));
    this.#socket = socket;
    this.#withoutHello += 1;
    this.#heardAt = Date.now();
    clearInterval(this.#beat);
    this.#beat = window.setInterval(() => {
      if (Date.now() - this.#heardAt > SILENT_FOR) this.#lose(socket);
      else this.send({ t: "ping" });
    }, PING_EVERY);
    socket.onmessage = (event) => {
      this.#heardAt = Date.now();
      this.#hear([JSON.parse(event.data)]);
    };
    socket.onclose = (event) => (event.code === 4401 ? this.#gone() : this.#lose(socket));
  }

  #lose(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    socket.onclose = null;
    socket.close();
    clearInterval(this.#beat);
    this.#failed();
  }

  #failed(): void {
    if (this.#stopped || this.line === "gone") return;
    this.#become("away");
    clearTimeout(this.#timer);
    const pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)] ?? 15_000;
    this.#failures += 1;
    this.#timer = window.setTimeout(() => this.#open(), pause * (0.75 + Math.random() / 2));
  }

  #gone(): void {
    this.#become("gone");
    this.stop();
  }

  async #poll(): Promise<void> {
    const began = Date.now();
    const polling = new AbortController();
    this.#polling = polling;
    try {
      let first = true;
      while (!polling.signal.aborted && Date.now() - began < TRY_SOCKETS_AGAIN) {
        const frames = await this.#api.poll(this.#token, this.conversation.last, polling.signal);
        if (first) this.#welcomed();
        first = false;
        this.#hear(frames);
      }
      this.#polling = null;
      this.#withoutHello = BROKEN_SOCKETS - 1; // one socket is tried, then polling goes on
      this.#open();
    } catch (error) {
      this.#polling = null;
      if (error instanceof Refused && error.status === 401) this.#gone();
      else this.#failed();
    }
  }

  /** The server listens: it hears where the visitor is, and again all that it has not confirmed. */
  #welcomed(): void {
    this.#failures = 0;
    this.#become("up");
    this.send({ t: "page", url: location.href, title: document.title });
    for (const frame of this.unsent) this.send(frame);
  }

  #hear(frames: readonly FromServer[]): void {
    for (const frame of frames) {
      const after = fold(this.conversation, frame);
      if (after === null) {
        this.#again();
        return;
      }
      this.conversation = after;
      if (frame.t === "hello") {
        this.#withoutHello = 0;
        this.#welcomed();
      } else if (frame.t === "message" && frame.key) this.#confirmed(frame.key);
      else if (frame.t === "error") this.#refused(frame);
    }
    this.#changed();
  }

  #confirmed(key: string): void {
    if (this.unsent.some((each) => each.key === key))
      this.#keep(this.unsent.filter((each) => each.key !== key));
  }

  #refused(problem: Problem): void {
    this.problem = problem;
    if (problem.key) this.#confirmed(problem.key);
  }

  /** A number is missing: from the last whole one on, over a new line. */
  #again(): void {
    const socket = this.#socket;
    if (socket) this.#lose(socket);
  }
}
