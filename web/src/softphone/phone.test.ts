import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LineCall, LineHandlers, LineSettings } from "./line";
import { Softphone } from "./phone";

/** Several tabs of one browser: one lock, one channel. */
class Browser {
  private readonly queue: (() => void)[] = [];
  private readonly ears = new Set<{ tab: object; hear: (event: MessageEvent) => void }>();
  lines: { on: LineHandlers; settings: LineSettings; stopped: boolean; reconnects: number }[] = [];

  tab() {
    const key = {};
    const audio = { srcObject: null, play: () => Promise.resolve() } as unknown as HTMLAudioElement;
    const ring = { start: vi.fn(), stop: vi.fn() };
    const phone = new Softphone({
      openLine: async (settings, on) => {
        const line = { on, settings, stopped: false, reconnects: 0 };
        this.lines.push(line);
        return {
          reconnect: () => {
            line.reconnects += 1;
          },
          stop: () => {
            line.stopped = true;
          },
        };
      },
      election: {
        enter: (elected) => {
          this.queue.push(elected);
          if (this.queue.length === 1) elected();
          return () => {
            const first = this.queue[0] === elected;
            this.queue.splice(this.queue.indexOf(elected), 1);
            if (first) this.queue[0]?.();
          };
        },
      },
      channel: {
        addEventListener: (_: string, hear: (event: MessageEvent) => void) =>
          this.ears.add({ tab: key, hear }),
        postMessage: (data: unknown) => {
          for (const ear of this.ears)
            if (ear.tab !== key) ear.hear({ data: structuredClone(data) } as MessageEvent);
        },
      } as unknown as BroadcastChannel,
      ring,
      audio,
      microphoneId: () => null,
      websocketUrl: (path) => `wss://here${path}`,
    });
    return { phone, ring, audio };
  }
}
const login = { websocket_path: "/sip", uri: "sip:a@cordboard", username: "a", password: "p" };
function call(id: string, answersItself = false, contactId = 4711) {
  return {
    id,
    contactId,
    answersItself,
    answer: vi.fn(),
    mute: vi.fn(),
    end: vi.fn(),
    restartIce: vi.fn(),
    connection: () => null,
  } satisfies LineCall;
}

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
});
async function registered() {
  const tab = browser.tab();
  tab.phone.start(login);
  await Promise.resolve();
  browser.lines[0]?.on.registration("registered");
  return { ...tab, on: browser.lines[0]?.on as LineHandlers };
}

describe("the softphone", () => {
  it("rings, answers, mutes, and is free again", async () => {
    const { phone, ring, on } = await registered();
    const one = call("1");
    on.call(one);
    expect(ring.start).toHaveBeenCalled();
    expect(phone.store.getState().call).toMatchObject({ phase: "ringing", contactId: 4711 });
    phone.mute(true);
    expect(one.mute).not.toHaveBeenCalled();
    phone.answer();
    phone.answer();
    expect(one.answer).toHaveBeenCalledTimes(1);
    on.established(one);
    phone.mute(true);
    expect(phone.store.getState().call).toMatchObject({ phase: "up", muted: true });
    on.ended(one);
    expect(phone.store.getState().call).toBeNull();
  });

  it("knows the servers that help it through a firewall", async () => {
    const { phone } = browser.tab();
    const ice_servers = [{ urls: ["turn:turn.example:3478"], username: "1:s", credential: "c" }];
    phone.start({ ...login, ice_servers });
    await Promise.resolve();
    expect(browser.lines[0]?.settings.iceServers).toEqual(ice_servers);
  });

  it("answers by itself when the server says so, without ringing", async () => {
    const { ring, on } = await registered();
    const one = call("1", true);
    on.call(one);
    expect(one.answer).toHaveBeenCalled();
    expect(ring.start).not.toHaveBeenCalled();
  });

  it("a line dialled again replaces the old one, whose end then means nothing", async () => {
    const { phone, on } = await registered();
    const old = call("1");
    on.call(old);
    phone.answer();
    on.established(old);
    const again = call("2", true);
    on.call(again);
    expect(old.end).toHaveBeenCalled();
    on.ended(old);
    expect(phone.store.getState().call).toMatchObject({ phase: "answering" });
  });

  it("is one telephone for all tabs, and moves to the next tab when the first closes", async () => {
    const first = await registered();
    const second = browser.tab();
    second.phone.start(login);
    expect(browser.lines).toHaveLength(1);
    expect(second.phone.store.getState()).toMatchObject({ role: "mirror", registration: "registered" });
    const one = call("1");
    first.on.call(one);
    expect(second.phone.store.getState().call).toMatchObject({ phase: "ringing" });
    second.phone.answer();
    expect(one.answer).toHaveBeenCalled();
    first.phone.stop();
    await Promise.resolve();
    expect(second.phone.store.getState()).toMatchObject({ role: "phone", call: null });
    expect(browser.lines).toHaveLength(2);
    expect(browser.lines[0]?.stopped).toBe(true);
  });

  it("rebuilds the media path after a network change, and gives the line up when that fails", async () => {
    vi.useFakeTimers();
    const { phone, on } = await registered();
    const one = call("1", true);
    on.call(one);
    on.established(one);
    phone.networkChanged();
    expect(browser.lines[0]?.reconnects).toBe(1);
    expect(phone.store.getState().mending).toBe(true);
    on.registration("registered");
    expect(one.restartIce).toHaveBeenCalledTimes(1);
    on.ice(one, "connected");
    expect(phone.store.getState().mending).toBe(false);
    on.ice(one, "failed");
    vi.advanceTimersByTime(8_000);
    expect(one.end).toHaveBeenCalled();
    vi.useRealTimers();
  });

  it("says when the microphone is refused", async () => {
    const { phone, on } = await registered();
    const one = call("1");
    on.call(one);
    on.noMicrophone(one);
    expect(phone.store.getState().microphone).toBe("refused");
  });
});
