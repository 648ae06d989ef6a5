/**
 * What a person likes: theme, language, shortcuts, where the widgets are. Kept on the server (another seat finds it
 * again) and in this browser (the first paint already knows).
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { remembered } from "../lib/remembered";
import type { Shortcuts } from "../lib/shortcuts";
import type { Api } from "./api";
import { Problem } from "./problem";
import type { Placement, SavedLayout } from "./shapes";

export type Theme = "light" | "dark" | "auto";
export type Layouts = { wide?: Placement[]; medium?: Placement[]; hidden?: string[] };
/** `sound`: of what is offered, by telephone or in writing. `count`: the mails that wait, in the title of the tab. */
export type Alerts = { sound: boolean; count: boolean };
export type PreferencesState = {
  theme: Theme;
  language: "en" | "fr";
  shortcuts: Shortcuts;
  layouts: Layouts;
  alerts: Alerts;
};
const firstAlerts: Alerts = { sound: true, count: false };

const layoutVersion = 1;
const saveAfter = 700;
const retryAfter = 5_000;

function readLanguage(value: unknown): "en" | "fr" | null {
  return value === "fr" || value === "en" ? value : null;
}

export class Preferences {
  readonly store: StoreApi<PreferencesState>;
  private etag = "";
  private loaded = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly api: Api,
    browserLanguage: string,
  ) {
    const kept = remembered.get<Partial<PreferencesState>>("preferences");
    this.store = createStore<PreferencesState>(() => ({
      theme: kept?.theme ?? "auto",
      language: readLanguage(kept?.language) ?? (browserLanguage.startsWith("fr") ? "fr" : "en"),
      shortcuts: kept?.shortcuts ?? { off: false, keys: {} },
      layouts: kept?.layouts ?? {},
      alerts: { ...firstAlerts, ...kept?.alerts },
    }));
  }

  /** After the log-in. `personLanguage` counts when the person has never chosen one. */
  async load(personLanguage: string): Promise<void> {
    const { value, etag } = await this.api.layout();
    this.etag = etag;
    this.loaded = true;
    const said = value.preferences ?? {};
    this.store.setState((before) => ({
      theme: said.theme ?? before.theme,
      language: readLanguage(said.language) ?? readLanguage(personLanguage) ?? before.language,
      shortcuts: said.shortcuts ?? { off: false, keys: {} },
      layouts: value.layouts ?? {},
      alerts: { ...firstAlerts, ...said.alerts },
    }));
    this.remember();
  }

  change(patch: Partial<PreferencesState>): void {
    this.store.setState(patch);
    this.remember();
    if (this.loaded) this.saveSoon(saveAfter);
  }

  /** At log-out: what follows is somebody else's. Theme and language stay as this browser's own. */
  forget(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.loaded = false;
    this.store.setState({ shortcuts: { off: false, keys: {} }, layouts: {}, alerts: firstAlerts });
    this.remember();
  }

  private remember(): void {
    remembered.set("preferences", this.store.getState());
  }

  private saveSoon(wait: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), wait);
  }

  private async save(): Promise<void> {
    this.timer = null;
    const { theme, language, shortcuts, layouts, alerts } = this.store.getState();
    const keys = shortcuts.keys as Record<string, string>;
    const saved: SavedLayout = {
      version: layoutVersion,
      layouts,
      preferences: { theme, language, shortcuts: { off: shortcuts.off, keys }, alerts },
    };
    try {
      this.etag = await this.api.saveLayout(saved, this.etag);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Changed from another tab meanwhile: the latest act of the person wins.
      if (error.status === 412 || error.status === 428) this.etag = (await this.api.layout()).etag;
      if (error.status === 412 || error.status === 428 || error.status === 0 || error.status >= 500)
        this.saveSoon(error.status === 412 ? 50 : retryAfter);
    }
  }
}
