/**
 * Keyboard shortcuts: which actions have one, what the keys are, and whether a key press means one.
 *
 * A chord is written `mod+shift+k`; `mod` is Ctrl, or Cmd on a Mac. Single letters are never taken
 * while the person types in a field (WCAG 2.1.4), chords with `mod` are.
 */
export const actions = [
  "palette",
  "answer",
  "decline",
  "mute",
  "hold",
  "transfer",
  "keypad",
  "hang_up",
  "note",
  "finish",
  "dial",
  "ready",
  "withdraw",
  "arrange",
  "next_chat",
  "call_visitor",
  "mail_page",
  "mail_write",
  "mail_send_next",
  "mail_send_close",
  "mail_send",
  "mail_send_park",
  "mail_undo",
  "mail_park",
  "mail_return",
  "mail_forward",
  "mail_transfer",
  "mail_new",
  "mail_approve",
] as const;
export type Action = (typeof actions)[number];

export type Shortcuts = { off: boolean; keys: Partial<Record<Action, string>> };

export const defaultKeys: Record<Action, string> = {
  palette: "mod+k",
  answer: "a",
  decline: "d",
  mute: "m",
  hold: "h",
  transfer: "t",
  keypad: "k",
  hang_up: "x",
  note: "n",
  finish: "mod+enter",
  dial: "c",
  ready: "r",
  withdraw: "w",
  arrange: "g",
  next_chat: "j",
  call_visitor: "shift+c",
  mail_page: "shift+m",
  mail_write: "e",
  mail_send_next: "mod+enter",
  mail_send_close: "mod+shift+enter",
  mail_send: "mod+alt+enter",
  mail_send_park: "mod+alt+p",
  mail_undo: "u",
  mail_park: "p",
  mail_return: "b",
  mail_forward: "f",
  mail_transfer: "shift+t",
  mail_new: "shift+n",
  mail_approve: "y",
};

export function keyOf(action: Action, shortcuts: Shortcuts): string {
  return shortcuts.keys[action] ?? defaultKeys[action];
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The chord that a key press makes, or "" while only modifiers are down. */
export function chordOf(press: Press): string {
  const key = press.key.toLowerCase();
  if (["control", "shift", "alt", "meta", "dead", "process", "unidentified"].includes(key)) return "";
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push("mod");
  if (press.altKey) parts.push("alt");
  if (press.shiftKey && (key.length > 1 || /\p{L}/u.test(key))) parts.push("shift");
  parts.push(key === " " ? "space" : key === "+" ? "plus" : key);
  return parts.join("+");
}

/** Can the chord be pressed while writing without eating a letter? */
export function isSafeWhileTyping(chord: string): boolean {
  return chord.startsWith("mod+");
}

export function isTypingTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return (
    target.tagName === "INPUT" &&
    !["checkbox", "radio", "button", "range"].includes((target as HTMLInputElement).type)
  );
}

export function actionOf(press: Press, typing: boolean, shortcuts: Shortcuts): Action | null {
  if (shortcuts.off) return null;
  const chord = chordOf(press);
  if (!chord || (typing && !isSafeWhileTyping(chord))) return null;
  return actions.find((action) => keyOf(action, shortcuts) === chord) ?? null;
}

/** Another action that already has this chord, if any. */
export function clashOf(action: Action, chord: string, shortcuts: Shortcuts): Action | null {
  return actions.find((other) => other !== action && keyOf(other, shortcuts) === chord) ?? null;
}

/** "mod+enter" → "Ctrl ↵", as printed on a button. */
export function printedKey(chord: string, mac: boolean): string {
  const names: Record<string, string> = {
    mod: mac ? "⌘" : "Ctrl",
    alt: mac ? "⌥" : "Alt",
    shift: mac ? "⇧" : "Shift",
    enter: "↵",
    escape: "Esc",
    space: "␣",
    plus: "+",
    arrowup: "↑",
    arrowdown: "↓",
    arrowleft: "←",
    arrowright: "→",
  };
  return chord
    .split("+")
    .map(
      (part) =>
        names[part] ?? (part.length === 1 ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1)),
    )
    .join(" ");
}
