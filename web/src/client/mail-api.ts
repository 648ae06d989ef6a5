/** The calls of the mail desk. */
import type { Ask } from "./conversation-api";
import type {
  Answer,
  Draft,
  HeldAnswer,
  InboxState,
  KeptFile,
  NewDraftLine,
  ReadyAnswer,
  RenderedAnswer,
  SavedDraft,
  Sent,
  SetAside,
  Suggestion,
  TestStep,
  Thread,
  TypedServer,
  WorkPage,
  WorkQuery,
  WorkView,
} from "./mail-shapes";
import { Problem } from "./problem";
import type { ContactRow, Page } from "./shapes";

type List<T> = { items: T[] };
export type SearchHit = {
  contact_id: number;
  channel: string;
  remote: string;
  remote_name: string;
  subject: string;
  snippet?: string;
  at: string;
  agent: { id: string; name: string } | null;
  state: string;
};

export class MailApi {
  constructor(private readonly ask: Ask) {}

  private post = <T = void>(path: string, body: unknown = {}) => this.ask<T>(path, { method: "POST", body });

  // -- the list
  work = (
    { states = [], ...query }: WorkQuery & { cursor?: string; limit?: number },
    signal?: AbortSignal,
  ) => {
    const several = states.map((each) => `state=${each}`).join("&");
    return this.ask<WorkPage>(`/work${several ? `?${several}` : ""}`, {
      query: { channel: "email", ...query },
      signal,
    });
  };
  views = () => this.ask<List<WorkView>>("/work/views");
  saveView = (id: string, name: string, query: WorkQuery) =>
    this.ask<void>(`/work/views/${encodeURIComponent(id)}`, {
      method: "PUT",
      body: { name, space_id: "", filters: { ...query, channel: "email", q: "" } },
    });
  deleteView = (id: string) => this.ask<void>(`/work/views/${encodeURIComponent(id)}`, { method: "DELETE" });
  search = (q: string, signal?: AbortSignal) =>
    this.ask<Page<SearchHit>>("/search", { query: { q, limit: 50 }, signal });
  earlier = (q: string) => this.ask<Page<ContactRow>>("/contacts", { query: { q, limit: 12, mine: false } });

  // -- one contact
  thread = (id: number) => this.ask<Thread>(`/contacts/${id}/thread`);
  claim = (id: number) => this.post(`/contacts/${id}/claim`);
  park = (id: number, until: string | null, reason: string) =>
    this.post(`/contacts/${id}/park`, { until, reason });
  unpark = (id: number) => this.post(`/contacts/${id}/unpark`);
  giveBack = (id: number, reason: string) => this.post(`/contacts/${id}/return`, { reason });
  forward = (id: number, expert: { to: string; text: string; deadline: string | null; remind: boolean }) =>
    this.post(`/contacts/${id}/forward`, expert);
  reopen = (id: number) => this.post<{ contact_id: number }>(`/contacts/${id}/reopen`);
  htmlPath = (mailId: number, images: boolean) => `/api/v1/mails/${mailId}/html?images=${images ? 1 : 0}`;
  attachmentPath = (mailId: number, index: number, inline = false) =>
    `/api/v1/mails/${mailId}/attachments/${index}${inline ? "?inline=1" : ""}`;
  rawPath = (mailId: number) => `/api/v1/mails/${mailId}/raw`;
  filePath = (fileId: string) => `/api/v1/files/${encodeURIComponent(fileId)}`;

  // -- the answer
  draft = (id: number) => this.ask<SavedDraft | null>(`/contacts/${id}/draft`);
  saveDraft = (id: number, draft: Draft) =>
    this.ask<{ version: number; saved_at: string }>(`/contacts/${id}/draft`, {
      method: "PUT",
      body: draft,
      keepalive: draft.html.length + draft.text.length < 20_000,
    });
  dropDraft = (id: number) => this.ask<void>(`/contacts/${id}/draft`, { method: "DELETE" });
  answer = (id: number, answer: Answer) => this.post<Sent>(`/contacts/${id}/answer`, answer);
  recall = (id: number, mailId: number) => this.post(`/contacts/${id}/answer/${mailId}/recall`);
  write = (draft: Draft, key: string) => this.post<Sent & { contact_id: number }>("/mail", { ...draft, key });

  // -- drafts of new mails
  newDrafts = () => this.ask<List<NewDraftLine>>("/mail/drafts");
  newDraft = (id: string) => this.ask<SavedDraft>(`/mail/drafts/${encodeURIComponent(id)}`);
  saveNewDraft = (id: string, draft: Draft) =>
    this.ask<{ version: number; saved_at: string }>(`/mail/drafts/${encodeURIComponent(id)}`, {
      method: "PUT",
      body: draft,
      keepalive: draft.html.length + draft.text.length < 20_000,
    });
  dropNewDraft = (id: string) =>
    this.ask<void>(`/mail/drafts/${encodeURIComponent(id)}`, { method: "DELETE" });

  /** Uploads one file; `onPart` hears how much of it has gone, 0 to 1. */
  upload(file: File, onPart: (part: number) => void, signal?: AbortSignal): Promise<KeptFile> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/api/v1/files");
      request.responseType = "text";
      request.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0);
      request.onerror = () => reject(Problem.unreachable());
      request.onabort = () => reject(new DOMException("given up", "AbortError"));
      request.onload = () => {
        if (request.status >= 200 && request.status < 300)
          return resolve(JSON.parse(request.responseText) as KeptFile);
        Problem.from(new Response(request.responseText, { status: request.status })).then(reject, reject);
      };
      signal?.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    });
  }

  // -- ready-made answers
  answers = (q: string, language: string, signal?: AbortSignal) =>
    this.ask<List<ReadyAnswer>>("/answers", { query: { q, language, channel: "email", limit: 12 }, signal });
  themes = () => this.ask<List<{ id: string; names: Record<string, string> }>>("/answers/themes");
  suggestions = (id: number, language: string) =>
    this.ask<List<Suggestion>>(`/contacts/${id}/suggestions`, { query: { language } });
  render = (answerId: string, contactId: number | null, language: string) =>
    this.post<RenderedAnswer>(`/answers/${encodeURIComponent(answerId)}/render`, {
      contact_id: contactId,
      language,
    });
  used = (answerId: string, contactId: number, editedRatio: number, sent: boolean) =>
    this.post(`/answers/${encodeURIComponent(answerId)}/used`, {
      contact_id: contactId,
      edited_ratio: editedRatio,
      sent,
    });

  // -- validation
  held = () => this.ask<List<HeldAnswer>>("/validation");
  approve = (mailId: number) => this.post(`/validation/${mailId}/approve`);
  correct = (mailId: number, answer: { html: string; text: string; subject: string; remark: string }) =>
    this.post(`/validation/${mailId}/correct`, answer);
  sendBack = (mailId: number, remark: string) => this.post(`/validation/${mailId}/return`, { remark });

  // -- what needs a supervisor
  inboxes = () => this.ask<List<InboxState>>("/inboxes");
  testInbox = (id: string) => this.post<{ steps: TestStep[] }>(`/inboxes/${encodeURIComponent(id)}/test`);
  testServers = (typed: { receive: TypedServer | null; send: TypedServer | null }) =>
    this.post<{ steps: TestStep[] }>("/inboxes/test", typed);
  setAside = () => this.ask<List<SetAside>>("/mails/set-aside");
  retry = (mailId: number) => this.post(`/mails/${mailId}/retry`);
}
