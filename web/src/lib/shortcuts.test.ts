// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import {
  actionOf,
  actions,
  chordOf,
  clashOf,
  defaultKeys,
  isSafeWhileTyping,
  isTypingTarget,
  printedKey,
  type Shortcuts,
} from "./shortcuts";

const usual: Shortcuts = { off: false, keys: {} };

function press(key: string, held: Partial<KeyboardEvent> = {}) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe("shortcuts", () => {
  it("answers with a letter, but never takes a letter from somebody who writes", () => {
    expect(actionOf(press("a"), false, usual)).toBe("answer");
    expect(actionOf(press("a"), true, usual)).toBeNull();
  });

  it("takes a chord while somebody writes, with Ctrl or Cmd", () => {
    expect(actionOf(press("k", { ctrlKey: true }), true, usual)).toBe("palette");
    expect(actionOf(press("k", { metaKey: true }), true, usual)).toBe("palette");
  });

  it("can be changed, told when two are the same, and switched off", () => {
    const own: Shortcuts = { off: false, keys: { mute: "a" } };
    expect(clashOf("mute", "a", own)).toBe("answer");
    expect(clashOf("mute", "z", own)).toBeNull();
    expect(actionOf(press("m"), false, own)).toBeNull();
    expect(actionOf(press("a"), false, { ...usual, off: true })).toBeNull();
  });

  it("knows where somebody writes", () => {
    const box = document.createElement("input");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    expect([box, tick, document.createElement("textarea"), document.body].map(isTypingTarget)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("is printed as the keyboard shows it", () => {
    expect(printedKey("mod+enter", false)).toBe("Ctrl ↵");
    expect(printedKey("mod+k", true)).toBe("⌘ K");
  });

  it("gives each act of mail a key of its own, and those of sending work while one writes", () => {
    const mail = actions.filter((action) => action.startsWith("mail_"));
    const keys = mail.map((action) => defaultKeys[action]);
    expect(new Set(keys).size).toBe(mail.length);
    for (const action of mail.filter((each) => each.startsWith("mail_send")))
      expect(isSafeWhileTyping(defaultKeys[action])).toBe(true);
    expect(chordOf(press("Enter", { ctrlKey: true, altKey: true }))).toBe(defaultKeys.mail_send);
    expect(actionOf(press("Enter", { ctrlKey: true, shiftKey: true }), true, usual)).toBe("mail_send_close");
  });
});
