/** The calls that the desktop makes. Every refusal is thrown as a `Problem`. */
import { Problem } from "./problem";
import type {
  ChatMessage,
  ContactDetail,
  ContactRow,
  Decision,
  Desktop,
  FactRow,
  Figure,
  Page,
  Person,
  PhoneChoice,
  SavedLayout,
  SeatGrant,
  SeatKind,
} from "./shapes";

type Query = Record<string, string | number | boolean | null | undefined>;
type Options = { query?: Query; body?: unknown; ifMatch?: string; signal?: AbortSignal };

export type Tagged<T> = { value: T; etag: string };

export class Api {
  /** Told of every 401 outside the log-in itself, so that the app can show the log-in page. */
  onSessionLost: () => void = () => undefined;

  constructor(private readonly base = "/api/v1") {}

  private async send(method: string, path: string, options: Options = {}): Promise<Response> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
    const headers: Record<string, string> = { Accept: "application/json" };
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    if (options.ifMatch) headers["If-Match"] = options.ifMatch;
    let response: Response;
    try {
      response = await fetch(`${this.base}${path}${search.size ? `?${search}` : ""}`, {
        method,
        headers,
        body: options.body === undefined ? null : JSON.stringify(options.body),
        credentials: "same-origin",
        signal: options.signal ?? null,
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw Problem.unreachable();
    }
    if (response.ok) return response;
    const problem = await Problem.from(response);
    const asksWhoIAm = method === "GET" && (path === "/desktop" || path === "/sessions/current");
    if (response.status === 401 && problem.code === "session_expired" && !asksWhoIAm) this.onSessionLost();
    throw problem;
  }

  private async json<T>(method: string, path: string, options?: Options): Promise<T> {
    return (await (await this.send(method, path, options)).json()) as T;
  }

  private async done(method: string, path: string, body?: unknown): Promise<void> {
    await this.send(method, path, { body });
  }

  // -- sessions
  logIn = (login: string, password: string) =>
    this.json<{ person: Person; needs_seat: boolean }>("POST", "/sessions", { body: { login, password } });
  session = () => this.json<{ person: Person; needs_seat: boolean }>("GET", "/sessions/current");
  logOut = () => this.done("DELETE", "/sessions/current");
  changePassword = (current: string, next: string) =>
    this.done("POST", "/sessions/current/password", { current, new: next });

  // -- the agent's seat and desktop
  desktop = () => this.json<Desktop>("GET", "/desktop");
  takeSeat = (seat: SeatKind, phone: PhoneChoice) =>
    this.json<SeatGrant>("POST", "/desktop/seat", { body: { seat, phone } });
  leaveSeat = () => this.done("DELETE", "/desktop/seat");
  choosePhone = (phone: PhoneChoice) => this.done("PUT", "/desktop/phone", phone);
  becomeReady = () => this.done("POST", "/desktop/state", { state: "ready" });
  withdraw = (reasonId: string) =>
    this.done("POST", "/desktop/state", { state: "withdrawn", reason_id: reasonId });
  call = (number: string, presented?: string) =>
    this.json<{ contact_id: number }>("POST", "/desktop/calls", { body: { number, presented } });

  async layout(): Promise<Tagged<SavedLayout>> {
    const response = await this.send("GET", "/desktop/layout");
    return { value: (await response.json()) as SavedLayout, etag: response.headers.get("ETag") ?? "" };
  }
  async saveLayout(layout: SavedLayout, etag: string): Promise<string> {
    const response = await this.send("PUT", "/desktop/layout", { body: layout, ifMatch: etag });
    return response.headers.get("ETag") ?? "";
  }

  // -- the contact at hand
  accept = (id: number) => this.done("POST", `/contacts/${id}/accept`);
  decline = (id: number) => this.done("POST", `/contacts/${id}/decline`);
  hold = (id: number) => this.done("POST", `/contacts/${id}/hold`);
  resume = (id: number) => this.done("POST", `/contacts/${id}/resume`);
  hangUp = (id: number) => this.done("POST", `/contacts/${id}/hang-up`);
  reconnect = (id: number) => this.done("POST", `/contacts/${id}/reconnect`);
  digits = (id: number, digits: string) => this.done("POST", `/contacts/${id}/digits`, { digits });
  transfer = (id: number, to: string) => this.done("POST", `/contacts/${id}/transfer`, { to });
  wrapUp = (id: number, closingReasonId: string, note: string) =>
    this.done("POST", `/contacts/${id}/wrap-up`, { closing_reason_id: closingReasonId, note });

  // -- colleagues
  messages = (withWhom: string, before?: string) =>
    this.json<Page<ChatMessage>>("GET", "/chat/messages", { query: { with: withWhom, before, limit: 50 } });
  say = (to: string, text: string, key: string) => this.done("POST", "/chat/messages", { to, text, key });

  // -- contacts and why
  contacts = (query: { cursor?: string; limit?: number; q?: string; mine?: 1 }, signal?: AbortSignal) =>
    this.json<Page<ContactRow>>("GET", "/contacts", { query, signal });
  contact = (id: number) => this.json<ContactDetail>("GET", `/contacts/${id}`);
  facts = (id: number) => this.json<{ items: FactRow[] }>("GET", `/contacts/${id}/facts`);
  why = (id: number) => this.json<{ decisions: Decision[] }>("GET", `/contacts/${id}/why`);

  // -- figures
  figures = (query: { from?: string; to?: string; agent?: string }) =>
    this.json<{ figures: Figure[] }>("GET", "/figures", { query });
  figureContacts = (id: string, query: { from?: string; to?: string; agent?: string }) =>
    this.json<Page<ContactRow>>("GET", `/figures/${encodeURIComponent(id)}/contacts`, { query });
}
