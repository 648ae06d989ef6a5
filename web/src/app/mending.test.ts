import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { Live } from "../realtime/live";
import type { Softphone } from "../softphone/phone";
import { mendLines } from "./mending";

const contact = {
  contact_id: 7,
  channel: "voice",
  phase: "talking",
  leg_state: "up",
  can: ["reconnect", "hang_up"],
};
const agent = { state: "in_contact", phone: { kind: "browser", address: "" }, telephony_up: true };
const idleLine = { role: "phone", registration: "registered", call: null };

function stage(row: object = {}, line: object = {}) {
  const live = createStore(() => ({
    status: "live",
    rows: { me: { agent, "contact:7": { ...contact, ...row } } },
  }));
  const phone = createStore(() => ({ ...idleLine, ...line }));
  const reconnect = vi.fn(() => Promise.resolve());
  const answer = vi.fn();
  const stop = mendLines(
    { reconnect },
    { store: live } as unknown as Live,
    { store: phone, answer } as unknown as Softphone,
  );
  return { live, phone, reconnect, answer, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a line that is missing", () => {
  it("is asked for after a moment, and again while it stays away", () => {
    const { reconnect, stop } = stage();
    expect(reconnect).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(reconnect).toHaveBeenCalledWith(7);
    vi.advanceTimersByTime(5_200);
    expect(reconnect).toHaveBeenCalledTimes(2);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(reconnect).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["the call is over meanwhile", { phase: "wrap_up", can: ["wrap_up"] }, {}],
    ["it is being dialled", { leg_state: "dialling" }, {}],
    ["this tab is not the telephone", {}, { role: "mirror" }],
    ["the telephone is not registered", {}, { registration: "connecting" }],
    ["the line is here", {}, { call: { contactId: 7, phase: "up", muted: false } }],
  ])("is not asked for when %s", (_, row, line) => {
    const { reconnect } = stage(row, line);
    vi.advanceTimersByTime(10_000);
    expect(reconnect).not.toHaveBeenCalled();
  });

  it("is not asked for when the call ends within the moment", () => {
    const { live, reconnect } = stage();
    vi.advanceTimersByTime(500);
    live.setState({
      rows: { me: { agent, "contact:7": { ...contact, phase: "wrap_up", can: ["wrap_up"] } } },
    });
    vi.advanceTimersByTime(10_000);
    expect(reconnect).not.toHaveBeenCalled();
  });

  it("is answered by itself when it rings for a call that is mine already, not when it is an offer", () => {
    const ringing = { call: { contactId: 7, phase: "ringing", muted: false } };
    const mine = stage({ phase: "adrift" }, ringing);
    expect(mine.answer).toHaveBeenCalled();
    const offered = stage({ phase: "reserved", can: ["decline"] }, ringing);
    expect(offered.answer).not.toHaveBeenCalled();
  });
});
