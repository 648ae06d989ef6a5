// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "./api";
import { Preferences } from "./preferences";
import { Problem } from "./problem";

function api(saveLayout = vi.fn(async (..._: unknown[]) => '"2"')) {
  const layout = vi.fn(async () => ({ value: { version: 1, layouts: {}, preferences: {} }, etag: '"1"' }));
  return { saveLayout, layout, api: { saveLayout, layout } as unknown as Api };
}
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("preferences", () => {
  it("are saved once after a burst of changes, on the version that was read", async () => {
    const { api: server, saveLayout } = api();
    const preferences = new Preferences(server, "en-GB");
    await preferences.load("fr");
    expect(preferences.store.getState().language).toBe("fr");
    preferences.change({ theme: "dark" });
    preferences.change({ theme: "light" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saveLayout).toHaveBeenCalledTimes(1);
    expect(saveLayout.mock.calls[0]?.[1]).toBe('"1"');
    preferences.change({ theme: "dark" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saveLayout.mock.calls[1]?.[1]).toBe('"2"');
  });

  it("win over an older version from another tab, and outlive an outage", async () => {
    const save = vi
      .fn(async (..._: unknown[]) => '"9"')
      .mockRejectedValueOnce(new Problem(412, "version_conflict", "", ""))
      .mockRejectedValueOnce(Problem.unreachable());
    const { api: server, layout } = api(save);
    const preferences = new Preferences(server, "en");
    await preferences.load("en");
    preferences.change({ theme: "dark" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).toHaveBeenCalledTimes(3);
    expect(layout).toHaveBeenCalledTimes(2);
  });

  it("know whether offers sound and waiting mails are counted; an old server's say nothing of it", async () => {
    const { api: server, saveLayout } = api();
    const preferences = new Preferences(server, "en");
    await preferences.load("en");
    expect(preferences.store.getState().alerts).toEqual({ sound: true, count: false });
    preferences.change({ alerts: { sound: false, count: true } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saveLayout.mock.calls[0]?.[0]).toMatchObject({
      preferences: { alerts: { sound: false, count: true } },
    });
    expect(new Preferences(server, "en").store.getState().alerts.sound).toBe(false);
    preferences.forget();
    expect(preferences.store.getState().alerts.sound).toBe(true);
  });

  it("are there at the next start, before the server is asked; nothing is saved before it was read", async () => {
    const { api: server, saveLayout } = api();
    new Preferences(server, "en").change({ theme: "dark" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saveLayout).not.toHaveBeenCalled();
    expect(new Preferences(server, "en").store.getState().theme).toBe("dark");
  });
});
