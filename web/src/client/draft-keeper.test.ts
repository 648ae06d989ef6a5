import { describe, expect, it } from "vitest";
import { DraftKeeper, saveAfter } from "./draft-keeper";
import type { Draft, SavedDraft } from "./mail-shapes";
import { Problem } from "./problem";

const blank: Draft = {
  to: ["joan@smith.example"],
  cc: [],
  bcc: [],
  subject: "Re: Order",
  html: "",
  text: "",
  attachments: [],
  language: "en",
  plain: false,
  version: 0,
};

function stage(theirs: SavedDraft | null = null) {
  const saves: Draft[] = [];
  const answers: (() => { version: number; saved_at: string })[] = [];
  let due: (() => void) | null = null;
  const waits: number[] = [];
  const keeper = new DraftKeeper(
    blank,
    null,
    {
      save: async (draft) => {
        saves.push(draft);
        return (
          answers.shift() ?? (() => ({ version: draft.version + 1, saved_at: `at ${saves.length}` }))
        )();
      },
      load: async () => theirs,
    },
    {
      set: (run, after) => {
        due = run;
        waits.push(after);
        return 1;
      },
      clear: () => {
        due = null;
      },
    },
  );
  const tick = async () => {
    const run = due;
    due = null;
    run?.();
    for (let i = 0; i < 6; i++) await Promise.resolve();
  };
  return { keeper, saves, answers, waits, tick, now: () => keeper.store.getState() };
}
const changed = () => {
  throw new Problem(409, "draft_changed", "", "", { by: "Léa", at: "14:02", version: 7 });
};

describe("a draft kept on the server", () => {
  it("is saved two seconds after the first key, with all that was typed by then", async () => {
    const { keeper, saves, waits, tick, now } = stage();
    keeper.change({ text: "H" });
    keeper.change({ text: "He" });
    expect(waits).toEqual([saveAfter]);
    await tick();
    expect(saves.map((each) => each.text)).toEqual(["He"]);
    expect(now()).toMatchObject({ status: "saved", savedAt: "at 1", draft: { version: 1, text: "He" } });
  });

  it("saves again what was typed during a saving, on top of the version saved", async () => {
    const { keeper, saves, answers, tick, now } = stage();
    answers.push(() => {
      keeper.change({ text: "Hello" });
      return { version: 1, saved_at: "at 1" };
    });
    keeper.change({ text: "He" });
    await tick();
    expect(now().status).toBe("dirty");
    await tick();
    expect(saves.at(-1)).toMatchObject({ text: "Hello", version: 1 });
    expect(now().status).toBe("saved");
  });

  it("tries again when the server is away", async () => {
    const { keeper, saves, answers, waits, tick, now } = stage();
    answers.push(() => {
      throw Problem.unreachable();
    });
    keeper.change({ text: "He" });
    await tick();
    expect(now().status).toBe("away");
    expect(waits.at(-1)).toBeGreaterThan(saveAfter);
    await tick();
    expect(saves).toHaveLength(2);
    expect(now().status).toBe("saved");
  });

  it("overwrites nothing that somebody else saved, and offers both", async () => {
    const { keeper, saves, answers, tick, now } = stage({
      ...blank,
      text: "theirs",
      version: 7,
      saved_at: "14:02",
      saved_by: { id: "lea", name: "Léa" },
    });
    answers.push(changed);
    keeper.change({ text: "mine" });
    await tick();
    expect(now()).toMatchObject({ status: "conflict", conflict: { by: "Léa", version: 7 } });
    keeper.change({ text: "mine, longer" });
    await tick();
    expect(saves).toHaveLength(1);
    await keeper.keepMine();
    expect(saves.at(-1)).toMatchObject({ text: "mine, longer", version: 7 });

    answers.push(changed);
    keeper.change({ text: "again" });
    await tick();
    await keeper.takeTheirs();
    expect(now()).toMatchObject({ status: "saved", replaced: 1, draft: { text: "theirs", version: 7 } });
  });

  it("saves at once when the mail is left, and nothing once it is sent", async () => {
    const { keeper, saves, tick } = stage();
    keeper.change({ text: "He" });
    await keeper.flush();
    expect(saves).toHaveLength(1);
    await keeper.end();
    keeper.change({ text: "Hey" });
    await tick();
    await keeper.flush();
    expect(saves).toHaveLength(1);
    keeper.revive();
    await tick();
    expect(saves).toHaveLength(2);
  });
});
