/** What travels between the widget and the server (docs/howto/chat.md). */

import type { Words } from "./strings";

export type Author = "visitor" | "agent" | "script" | "bot" | "system";
export type Choice = { id: string; label: string };
export type FormField = {
  name: string;
  label: string;
  type: "text" | "email" | "tel" | "textarea" | "select" | "checkbox";
  required?: boolean;
  options?: string[];
};
/** `until` and `times`: so long, and so often, it may be downloaded. */
export type FileInfo = {
  id: string;
  name: string;
  size: number;
  type: string;
  url: string;
  until?: string;
  times?: number;
};

export type CallAnswer = "accepted" | "ready" | "declined" | "no_microphone" | "failed" | "hung_up";

/** `gap` is a message that is not meant for the visitor: its number counts, nothing is shown. */
export type Kind = "text" | "buttons" | "form" | "file" | "link" | "page" | "notice" | "gap";
export type Message = {
  n: number;
  at?: string;
  from: Author;
  name?: string;
  kind: Kind;
  text?: string;
  key?: string;
  choices?: Choice[];
  fields?: FormField[];
  file?: FileInfo;
  url?: string;
  /** Where a call out of the chat stands: asked, accepted, … */
  call?: string;
  edited?: boolean;
  deleted?: boolean;
  /** Of a page that was shown: what the visitor has answered. */
  consent?: boolean;
};

export type Phase = "script" | "waiting" | "talking" | "ended";
export type SessionState = {
  state: Phase;
  position?: number;
  estimate_seconds?: number;
  /** No agent is there who could answer. */
  nobody?: boolean;
  /** A message can be left instead of waiting. */
  message?: boolean;
  agent?: { name: string };
  closed_by?: string;
  /** It is over, and the visitor may still go on with it. */
  continue?: boolean;
};

export type FromServer =
  | ({ t: "message" } & Message)
  | ({ t: "state" } & SessionState)
  | { t: "hello"; last: number; state?: Phase }
  | { t: "typing"; on: boolean }
  | { t: "read"; n: number }
  | { t: "error"; code: string; detail: string; key?: string }
  | { t: "bye" }
  | { t: "pong" };

export type ToServer =
  | { t: "say"; key: string; text: string }
  | { t: "choose"; key: string; n: number; choice: string }
  | { t: "form"; key: string; n: number; values: Record<string, string> }
  | { t: "file"; key: string; file_id: string }
  | { t: "leave_message"; key: string; email: string; text: string }
  | { t: "typing"; on: boolean; preview?: string }
  | { t: "read"; n: number }
  | { t: "page"; url: string; title: string }
  | { t: "consent"; n: number; ok: boolean }
  | { t: "call"; n: number; answer: CallAnswer }
  | { t: "survey"; score: number; text: string }
  | { t: "transcript"; email: string }
  | { t: "stop_waiting" }
  | { t: "end" }
  | { t: "continue" }
  | { t: "ping" };

/** What is acknowledged by the message that carries its key, and kept until then. */
export type Kept = Extract<ToServer, { key: string }>;

export type Rule = {
  id: string;
  /** Part of the page's address, `*` for anything; empty for every page. */
  page?: string;
  seconds?: number;
  /** Share of the page that was scrolled through, 0 to 1. */
  scroll?: number;
  returning?: boolean | null;
  basket?: number;
  text?: string;
};

export type ButtonConfig = {
  name: string;
  open: boolean;
  staffed: boolean;
  kind: "fixed" | "dynamic";
  language: string;
  /** What the widget says, in `language`. */
  words: Words;
  texts?: { title?: string; subtitle?: string; welcome?: string; closed?: string };
  theme?: { accent?: string; accent_text?: string; side?: "left" | "right" };
  form?: FormField[];
  consent?: string;
  rules?: Rule[];
  files?: { max_size: number; types: string[] } | null;
  survey?: boolean;
  preview?: boolean;
  transcript?: boolean;
};

export type NewSession = {
  key: string;
  language: string;
  page: { url: string; title: string; referrer: string };
  visitor_id: string;
  fields: Record<string, string>;
  identity?: string;
  invitation?: string;
};
