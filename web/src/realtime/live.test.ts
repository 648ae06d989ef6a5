import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerClock } from "./clock";
import { Live } from "./live";

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.onopen?.(new Event("open"));
  }
  say(frame: unknown) {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
  drop() {
    this.onclose?.({} as CloseEvent);
  }
}
const now = "2026-01-01T00:00:00.000Z";
const last = () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
const subscriptions = (socket: FakeSocket) => socket.sent.filter((said) => "subscribe" in said);

let live: Live;
beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  const clock = new ServerClock(() => Date.now());
  live = new Live({ open: () => new FakeSocket() as never, clock, desktopId: "tab", random: () => 0.5 });
  live.start(["me", "queues"]);
  last().open();
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
});
const snapshots = (n = 1) => {
  last().say({ topic: "me", n, snapshot: { agent: { state: "ready" } }, now });
  last().say({ topic: "queues", n, snapshot: {}, now });
};

describe("the live view", () => {
  it("is live once every topic has its snapshot", () => {
    expect(live.store.getState().status).toBe("connecting");
    snapshots();
    expect(live.store.getState().status).toBe("live");
    last().say({ topic: "queues", n: 2, set: { q: { waiting: 1 } }, now });
    expect(live.store.getState().rows.queues).toEqual({ q: { waiting: 1 } });
  });

  it("subscribes again after a gap, once, and ignores what is left of the old subscription", () => {
    snapshots();
    last().say({ topic: "queues", n: 4, set: { q: { waiting: 9 } }, now });
    last().say({ topic: "queues", n: 5, set: { q: { waiting: 10 } }, now });
    expect(subscriptions(last()).at(-1)).toEqual({ subscribe: ["queues"], desktop_id: "tab" });
    expect(subscriptions(last())).toHaveLength(2);
    last().say({ topic: "queues", n: 1, snapshot: { q: { waiting: 11 } }, now });
    last().say({ topic: "queues", n: 2, set: { q: { waiting: 12 } }, now });
    expect(live.store.getState().rows.queues).toEqual({ q: { waiting: 12 } });
  });

  it("goes away with its rows kept, and comes back with back-off", () => {
    snapshots();
    last().drop();
    expect(live.store.getState().status).toBe("away");
    expect(live.store.getState().rows.me).toEqual({ agent: { state: "ready" } });
    vi.advanceTimersByTime(260);
    expect(FakeSocket.all).toHaveLength(2);
    last().drop();
    vi.advanceTimersByTime(260);
    expect(FakeSocket.all).toHaveLength(2);
    vi.advanceTimersByTime(300);
    expect(FakeSocket.all).toHaveLength(3);
    last().open();
    snapshots();
    expect(live.store.getState().status).toBe("live");
  });

  it("notices a connection that has gone silent", () => {
    snapshots();
    vi.advanceTimersByTime(20_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
    expect(live.store.getState().status).toBe("away");
  });

  it("stays closed when the server says so", () => {
    snapshots();
    last().say({ closed: "taken_over" });
    expect(live.store.getState()).toMatchObject({ status: "closed", closed: "taken_over" });
    vi.advanceTimersByTime(60_000);
    live.hurry();
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("resynchronises a topic when asked", () => {
    snapshots();
    last().say({ topic: "me", resync: true });
    expect(subscriptions(last()).at(-1)).toMatchObject({ subscribe: ["me"] });
  });

  it("follows a page's topic while the page is open, also over a new connection, and is no less live without it", () => {
    snapshots();
    const stop = live.follow("work");
    const twice = live.follow("work");
    expect(subscriptions(last()).at(-1)).toMatchObject({ subscribe: ["work"] });
    expect(live.store.getState().status).toBe("live");
    last().drop();
    vi.advanceTimersByTime(2_000);
    last().open();
    expect(subscriptions(last()).at(-1)).toMatchObject({ subscribe: ["me", "queues", "work"] });
    last().say({ topic: "work", n: 1, snapshot: { 7: { contact_id: 7, seq: 1, gone: true } }, now });
    stop();
    expect(Object.keys(live.store.getState().rows.work)).toEqual(["7"]);
    twice();
    expect(live.store.getState().rows.work).toEqual({});
    expect(last().sent.at(-1)).toEqual({ unsubscribe: ["work"] });
  });

  it("says which contact is looked at, once, and again after a new connection", () => {
    const looks = () => last().sent.filter((said) => "look" in said);
    live.look(7);
    live.look(7);
    expect(looks()).toEqual([{ look: 7 }]);
    last().drop();
    vi.advanceTimersByTime(2_000);
    last().open();
    expect(looks()).toEqual([{ look: 7 }]);
    live.look(0);
    expect(looks().at(-1)).toEqual({ look: 0 });
  });
});
