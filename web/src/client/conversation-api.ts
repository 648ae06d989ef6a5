/** The calls of a chat with a visitor, and their shapes. */
import type { Named } from "./shapes";

export type Order = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  /** It goes on when the page is left meanwhile (up to 64 kB). */
  keepalive?: boolean;
};
export type Ask = <T>(path: string, order?: Order) => Promise<T>;

export type MessageKind =
  | "text"
  | "file"
  | "buttons"
  | "form"
  | "choice"
  | "link"
  | "page"
  | "notice"
  | "whisper"
  | "call";
/** Where a call out of the chat stands. */
export type CallStage =
  | "asked"
  | "accepted"
  | "queued"
  | "calling"
  | "talking"
  | "lost"
  | "ended"
  | "declined"
  | "no_microphone"
  | "not_answered"
  | "withdrawn"
  | "failed";
export type CallWay = "page" | "callback";
export type ChatFile = { file_id: string; name: string; size: number; media_type: string };
/** Of a message: until when, and how often, the visitor may download it. */
export type SentFile = ChatFile & { expires_at?: string | null; downloads?: number | null };
/** A file of the ready-made answers, with an end in seconds and a number of downloads, or without. */
export type ChosenFile = {
  answer_id: string;
  file_id: string;
  expires_seconds: number | null;
  downloads: number | null;
};

/** One message, key "<n>" of the topic `conversation:<contact>`. */
export type ConversationMessage = {
  n: number;
  at: string;
  author: "visitor" | "agent" | "script" | "bot" | "system";
  agent_id: string;
  name: string;
  kind: MessageKind;
  text: string;
  key: string;
  attachment: SentFile | null;
  url: string;
  choices: { id: string; label: string }[];
  fields: { name: string; label: string }[];
  values: Record<string, string>;
  consent: boolean | null;
  /** Of kind `call`: where it stands, and its own contact (0 while there is none). */
  call: CallStage | null;
  call_id: number;
  /** Who speaks, when that is another than who has asked for the call. */
  speaker: string;
  edited: boolean;
  deleted: boolean;
  /** It was said in a chat that this one goes on with. */
  earlier: boolean;
  visible_to: "all" | "agents";
};

/** Key "state" of the same topic. */
export type ConversationState = {
  contact_id: number;
  phase: "script" | "waiting" | "offered" | "talking" | "ended";
  visitor: {
    name: string;
    email: string;
    verified: boolean;
    connected: boolean;
    language: string;
    /** The visitor has read up to this number. */
    read: number;
    page_url: string;
    page_title: string;
  };
  agents: Named[];
  watchers: Named[];
  can: string[];
  /** Where the chat may be handed back to its script; labels by language. */
  hand_to: { to: string; labels: Record<string, string> }[];
  preview: boolean;
  /** How the visitor may be called, and what may be his numbers. */
  calls: CallWay[];
  numbers: string[];
};

/** Key "typing": nothing that is kept. */
export type ConversationTyping = { on: boolean; preview: string; agents: string[] };

export type ConversationRow = ConversationMessage | ConversationState | ConversationTyping;

export type AnswerLine = {
  id: string;
  title: string;
  short_name: string;
  language: string;
  beginning: string;
};
export type RenderedText = { text: string; missing: string[] };
export type Suggested = { answer_id: string; title: string; language: string };

export type LiveChat = {
  contact_id: number;
  visitor: string;
  queue: Named | null;
  agent: Named | null;
  phase: string;
  since: string;
  last_at: string | null;
  unanswered_since: string | null;
};

export class ConversationApi {
  constructor(private readonly ask: Ask) {}

  private post = <T = void>(path: string, body: unknown = {}) => this.ask<T>(path, { method: "POST", body });

  write = (
    id: number,
    message: { key: string; kind: MessageKind; text: string; file_id?: string; url?: string },
  ) => this.post<{ n: number }>(`/contacts/${id}/messages`, message);
  /** All that was written, oldest first; also of a chat that is over. */
  messages = (id: number) => this.ask<{ items: ConversationMessage[] }>(`/contacts/${id}/messages`);
  /** The chat becomes an email in its button's inbox; again is the same. */
  answerByEmail = (id: number) => this.post(`/contacts/${id}/answer-by-email`);
  edit = (id: number, n: number, text: string) =>
    this.ask<void>(`/contacts/${id}/messages/${n}`, { method: "PATCH", body: { text } });
  remove = (id: number, n: number) => this.ask<void>(`/contacts/${id}/messages/${n}`, { method: "DELETE" });
  read = (id: number, n: number) => this.post(`/contacts/${id}/read`, { n });
  invite = (id: number, agent_id: string) => this.post(`/contacts/${id}/invite`, { agent_id });
  leave = (id: number) => this.post(`/contacts/${id}/leave`);
  live = () => this.ask<{ items: LiveChat[] }>("/conversations");
  watch = (id: number) => this.post(`/contacts/${id}/watch`);
  takeOver = (id: number) => this.post(`/contacts/${id}/take-over`);
  /** From chat to call: in the visitor's page, or back on a number. The same `key` again is the same call. */
  call = (id: number, key: string, way: CallWay, number = "") =>
    this.post(`/contacts/${id}/call`, { key, way, number });
  withdrawCall = (id: number) => this.ask<void>(`/contacts/${id}/call`, { method: "DELETE" });
  keep = (id: number, file: File) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return this.post<ChatFile>(`/contacts/${id}/files`, form);
  };
  fromLibrary = (id: number, chosen: ChosenFile) =>
    this.post<ChatFile>(`/contacts/${id}/library-files`, chosen);
  fileUrl = (id: number, file: ChatFile) =>
    `/api/v1/contacts/${id}/files/${encodeURIComponent(file.file_id)}`;

  answers = (q: string, language: string, signal?: AbortSignal) =>
    this.ask<{ items: AnswerLine[] }>("/answers", {
      query: { q, language, channel: "chat", limit: 8 },
      signal,
    });
  render = (answer: string, contact_id: number, language: string) =>
    this.post<RenderedText>(`/answers/${encodeURIComponent(answer)}/render`, { contact_id, language });
  suggestions = (id: number, language: string) =>
    this.ask<{ items: Suggested[] }>(`/contacts/${id}/suggestions`, { query: { language } });
}
