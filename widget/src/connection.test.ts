import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "./api";
import { Connection } from "./connection";
import type { Kept, ToServer } from "./protocol";

class Socket {
  static all: Socket[] = [];
  static OPEN = 1;
  readyState = 1;
  sent: ToServer[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  send(text: string) {
    const frame = JSON.parse(text) as ToServer;
    if (frame.t !== "page") this.sent.push(frame); // where the visitor is, after each hello
  }
  close() {}
  hear(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const newest = () => Socket.all.at(-1) as Socket;
let kept: Kept[] = [];
const store = {
  read: () => kept,
  write: (unsent: readonly Kept[]) => {
    kept = [...unsent];
  },
};
const polled: number[] = [];
const api = {
  socketUrl: (_: string, after: number) => `after=${after}`,
  poll: (_: string, after: number, signal: AbortSignal) => {
    polled.push(after);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", reject));
  },
  post: async () => {},
} as unknown as Api;
let open: Connection[] = [];
const begin = () => {
  const made = new Connection(api, "token", store, () => {});
  open.push(made);
  return made;
};

beforeEach(() => {
  vi.useFakeTimers();
  Socket.all = [];
  kept = [];
  polled.length = 0;
  vi.stubGlobal("WebSocket", Socket);
  const events = { addEventListener() {}, removeEventListener() {} };
  vi.stubGlobal("document", { ...events, visibilityState: "visible", title: "Shop" });
  vi.stubGlobal("location", { href: "https://shop.example/" });
  vi.stubGlobal("addEventListener", events.addEventListener);
  vi.stubGlobal("removeEventListener", events.removeEventListener);
  vi.stubGlobal("window", globalThis);
});
afterEach(() => {
  for (const each of open) each.stop();
  open = [];
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const say = (key: string): Kept => ({ t: "say", key, text: key });
const message = (n: number, key?: string) => ({
  t: "message",
  n,
  from: "visitor",
  kind: "text",
  text: "x",
  key,
});

describe("the visitor's line", () => {
  it("says again what was not confirmed, and only that", () => {
    const line = begin();
    newest().hear({ t: "hello", last: 0 });
    line.say(say("a"));
    line.say(say("b"));
    newest().hear(message(1, "a"));
    newest().onclose?.({ code: 1006 });
    expect(line.line).toBe("away");
    vi.advanceTimersByTime(1000);
    expect(newest().url).toBe("after=1");
    newest().hear({ t: "hello", last: 1 });
    expect(newest().sent).toEqual([say("b")]);
    expect(kept).toEqual([say("b")]);
  });
  it("finds after a reload what was not said", () => {
    kept = [say("before")];
    begin();
    newest().hear({ t: "hello", last: 0 });
    expect(newest().sent).toEqual([say("before")]);
  });
  it("asks again from the last whole number when one is missing", () => {
    const line = begin();
    newest().hear({ t: "hello", last: 3 });
    newest().hear(message(1));
    newest().hear(message(3));
    expect(line.conversation.last).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(newest().url).toBe("after=1");
  });
  it("polls when sockets do not get through", () => {
    begin();
    newest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1000);
    newest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(2000);
    expect(polled).toEqual([0]);
  });
  it("lets go of a line that is silent", () => {
    begin();
    newest().hear({ t: "hello", last: 0 });
    vi.advanceTimersByTime(80_000);
    expect(Socket.all.length).toBeGreaterThan(1);
  });
  it("knows when the server does not know it any more", () => {
    const line = begin();
    newest().onclose?.({ code: 4401 });
    expect(line.line).toBe("gone");
    vi.advanceTimersByTime(60_000);
    expect(Socket.all.length).toBe(1);
  });
  it("tells what was refused, and does not say it again", () => {
    const line = begin();
    newest().hear({ t: "hello", last: 0 });
    line.say(say("long"));
    newest().hear({ t: "error", code: "too_long", detail: "Too long.", key: "long" });
    expect(line.problem?.code).toBe("too_long");
    expect(kept).toEqual([]);
  });
});
