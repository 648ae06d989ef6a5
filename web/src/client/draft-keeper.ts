/**
 * Keeps what is being written on the server: at the latest two seconds after a key was pressed, one saving at a time.
 *
 * `conflict`: the draft was saved from somewhere else meanwhile. Nothing is overwritten then until the person has
 * chosen: `keepMine` goes on from the other's version, `takeTheirs` brings the other's text here.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Draft, SavedDraft } from "./mail-shapes";
import { Problem } from "./problem";

export type DraftState = {
  draft: Draft;
  status: "clean" | "dirty" | "saving" | "saved" | "away" | "conflict";
  savedAt: string | null;
  conflict: { by: string; at: string; version: number } | null;
  /** Counts what came from outside, so that the editor starts anew with it. */
  replaced: number;
};
type Server = {
  save: (draft: Draft) => Promise<{ version: number; saved_at: string }>;
  load: () => Promise<SavedDraft | null>;
};
type Timers = { set: (run: () => void, after: number) => number; clear: (timer: number) => void };

export const saveAfter = 2_000;
const retryAfter = 5_000;
const browserTimers: Timers = {
  set: (run, after) => setTimeout(run, after) as unknown as number,
  clear: (timer) => clearTimeout(timer),
};

export class DraftKeeper {
  readonly store: StoreApi<DraftState>;
  private timer: number | null = null;
  private saving: Promise<void> | null = null;
  private ended = false;

  constructor(
    first: Draft,
    savedAt: string | null,
    private readonly server: Server,
    private readonly timers: Timers = browserTimers,
  ) {
    this.store = createStore<DraftState>(() => ({
      draft: first,
      status: savedAt ? "saved" : "clean",
      savedAt,
      conflict: null,
      replaced: 0,
    }));
  }

  change(patch: Partial<Draft>): void {
    const { draft, status } = this.store.getState();
    this.store.setState({
      draft: { ...draft, ...patch },
      status: status === "conflict" ? "conflict" : "dirty",
    });
    if (status !== "conflict") this.saveIn(saveAfter);
  }

  /** Puts in what the person did not type: a canned text in plain mode, the other's version. */
  replace(patch: Partial<Draft>): void {
    this.change(patch);
    this.store.setState(({ replaced }) => ({ replaced: replaced + 1 }));
  }

  /** Saves now what is not saved (the mail is being left). */
  async flush(): Promise<void> {
    this.stopTimer();
    await this.saving;
    if (["dirty", "away"].includes(this.store.getState().status)) await this.save();
  }

  /** The draft has become a mail, or was thrown away: nothing more is saved. */
  async end(): Promise<void> {
    this.ended = true;
    this.stopTimer();
    await this.saving;
  }

  /** Sending was refused: the draft lives on. */
  revive(): void {
    this.ended = false;
    if (this.store.getState().status === "dirty") this.saveIn(saveAfter);
  }

  async keepMine(): Promise<void> {
    const { conflict, draft } = this.store.getState();
    if (!conflict) return;
    this.store.setState({ draft: { ...draft, version: conflict.version }, conflict: null, status: "dirty" });
    await this.save();
  }

  async takeTheirs(): Promise<void> {
    const theirs = await this.server.load();
    if (!theirs) return this.keepMine();
    const { saved_at, saved_by: _, ...draft } = theirs;
    this.store.setState(({ replaced }) => ({
      draft,
      conflict: null,
      status: "saved",
      savedAt: saved_at,
      replaced: replaced + 1,
    }));
  }

  private saveIn(wait: number): void {
    if (this.ended) return;
    this.timer ??= this.timers.set(() => {
      this.timer = null;
      void this.save();
    }, wait);
  }

  private stopTimer(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
  }

  private save(): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.saving ??= this.saveOnce().finally(() => {
      this.saving = null;
      if (this.store.getState().status === "dirty") this.saveIn(saveAfter);
    });
    return this.saving;
  }

  private async saveOnce(): Promise<void> {
    const sent = this.store.getState().draft;
    this.store.setState({ status: "saving" });
    try {
      const { version, saved_at } = await this.server.save(sent);
      const { draft } = this.store.getState();
      // What was typed meanwhile is another change on top of what has just been saved.
      const changed = draft !== sent;
      this.store.setState({
        draft: { ...draft, version },
        savedAt: saved_at,
        status: changed ? "dirty" : "saved",
      });
    } catch (error) {
      if (error instanceof Problem && error.code === "draft_changed") {
        const { by = "", at = "", version = 0 } = error.params as Record<string, string | number>;
        this.store.setState({
          status: "conflict",
          conflict: { by: String(by), at: String(at), version: Number(version) },
        });
        return;
      }
      if (!(error instanceof Problem)) throw error;
      this.store.setState({ status: "away" });
      if (error.status === 0 || error.status >= 500) this.saveIn(retryAfter);
    }
  }
}
