/** What the app built at its start, for any component. Nothing here is global: a test hands in its own. */
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import type { Api } from "../client/api";
import type { MailDeskState, MailDeskStore } from "../client/mail-desk";
import type { Preferences, PreferencesState } from "../client/preferences";
import type { Desktop } from "../client/shapes";
import type { ShortcutBoard } from "../lib/shortcut-board";
import type { Action } from "../lib/shortcuts";
import type { Requester } from "../lib/signal";
import type { ServerClock } from "../realtime/clock";
import type { Live, LiveState } from "../realtime/live";
import { contactAtHand, type MeAgent, type MyContact, myAgent, type Topic } from "../realtime/rows";
import type { PhoneState, Softphone } from "../softphone/phone";

export type Services = {
  api: Api;
  live: Live;
  clock: ServerClock;
  phone: Softphone;
  preferences: Preferences;
  shortcuts: ShortcutBoard;
  requests: Requester;
  mailDesk: MailDeskStore;
};

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("no ServicesProvider above");
  return services;
}

/** Part of the live view; the component renders when that part changes (shallowly). */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useServices().live.store, useShallow(select));
}

export function usePhone<T>(select: (state: PhoneState) => T): T {
  return useStore(useServices().phone.store, useShallow(select));
}

export function usePreference<T>(select: (state: PreferencesState) => T): T {
  return useStore(useServices().preferences.store, useShallow(select));
}

export function useMailDesk<T>(select: (state: MailDeskState) => T): T {
  return useStore(useServices().mailDesk, useShallow(select));
}

export function useMyAgent(): MeAgent | null {
  return useStore(useServices().live.store, (state) => myAgent(state.rows.me));
}

export function useContactAtHand(): MyContact | null {
  return useStore(useServices().live.store, (state) => contactAtHand(state.rows.me));
}

/** Who has no desktop has no live line yet: it is there as long as a page needs it. */
export function useLiveHere(...topics: Topic[]): void {
  const { live } = useServices();
  const wanted = topics.join(" ");
  useEffect(() => {
    if (live.store.getState().status !== "idle") return;
    live.start(wanted.split(" ") as Topic[]);
    return () => live.stop();
  }, [live, wanted]);
}

export const desktopKey = ["desktop"] as const;

/** What the desktop was told at its start: reasons, queues, phones on offer. */
export function useDesktop(): Desktop | null {
  const { api } = useServices();
  return useQuery({ queryKey: desktopKey, queryFn: api.desktop, staleTime: 60_000 }).data ?? null;
}

/** Answers to a shortcut while mounted and enabled. */
export function useShortcut(action: Action, handler: () => void, enabled = true): void {
  const { shortcuts } = useServices();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    return shortcuts.add(action, () => latest.current());
  }, [shortcuts, action, enabled]);
}
