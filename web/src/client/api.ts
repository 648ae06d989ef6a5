/** The calls that the desktop makes, over the generated client. Every refusal is thrown as a `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";
import { AnswersApi } from "./answers-api";
import { ConversationApi, type Order } from "./conversation-api";
import { FiguresApi } from "./figures-api";
import { MailApi } from "./mail-api";
import { Problem } from "./problem";
import type { paths } from "./schema";
import type {
  ChatMessage,
  ContactDetail,
  ContactRow,
  Decision,
  Desktop,
  FoundContact,
  Page,
  Person,
  PhoneChoice,
  SavedLayout,
  SeatKind,
} from "./shapes";
import { SpellingApi } from "./spelling-api";

export type Tagged<T> = { value: T; etag: string };
type Answer<T> = { data?: T; response: Response };

/** Asking who I am is how the log-in page finds out: a 401 there is no session lost. */
const asksWhoIAm = ["/api/v1/desktop", "/api/v1/sessions/current"];

export class Api {
  /** Told of every 401 in the middle of the work, so that the app can show the log-in page. */
  onSessionLost: () => void = () => undefined;
  private readonly client;
  readonly conversation = new ConversationApi((path, order) => this.ask(path, order));
  readonly answers: AnswersApi;
  readonly spelling: SpellingApi;
  readonly figures: FiguresApi;
  readonly mail = new MailApi((path, order) => this.ask(path, order));

  constructor(origin = location.origin) {
    this.client = createClient<paths>({ baseUrl: origin, credentials: "same-origin" });
    const refusals: Middleware = {
      onResponse: async ({ request, response, schemaPath }) => {
        if (response.ok) return;
        const problem = await Problem.from(response);
        const asked = request.method === "GET" && asksWhoIAm.includes(schemaPath);
        if (response.status === 401 && problem.code === "session_expired" && !asked) this.onSessionLost();
        throw problem;
      },
      onError: ({ error }) => {
        if (error instanceof Problem || (error instanceof DOMException && error.name === "AbortError"))
          return;
        return Problem.unreachable();
      },
    };
    this.client.use(refusals);
    this.answers = new AnswersApi(this.client);
    this.spelling = new SpellingApi(this.client);
    this.figures = new FiguresApi(this.client);
  }

  /** The body, as the screens' shape; the generated types have checked the path, the parameters and what is sent. */
  private async body<T>(answer: Promise<Answer<unknown>>): Promise<T> {
    return (await answer).data as T;
  }

  private async done(answer: Promise<Answer<unknown>>): Promise<void> {
    await answer;
  }

  /** A call that the generated client does not have yet. */
  private async ask<T>(
    path: string,
    { method = "GET", query = {}, body, signal, keepalive = false }: Order = {},
  ): Promise<T> {
    const said = Object.entries(query).filter(
      ([, each]) => each !== undefined && each !== null && each !== "",
    );
    const search = new URLSearchParams(said.map(([name, each]) => [name, String(each)])).toString();
    const response = await fetch(
      `/api/v1${path}${search ? `${path.includes("?") ? "&" : "?"}${search}` : ""}`,
      {
        method,
        credentials: "same-origin",
        keepalive,
        ...(body === undefined
          ? {}
          : body instanceof FormData
            ? { body }
            : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
        ...(signal ? { signal } : {}),
      },
    ).catch((error: unknown) => {
      throw error instanceof DOMException && error.name === "AbortError" ? error : Problem.unreachable();
    });
    if (!response.ok) {
      const problem = await Problem.from(response);
      if (response.status === 401 && problem.code === "session_expired") this.onSessionLost();
      throw problem;
    }
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  // -- sessions
  logIn = (login: string, password: string) =>
    this.body<{ person: Person }>(this.client.POST("/api/v1/sessions", { body: { login, password } }));
  logOut = () => this.done(this.client.DELETE("/api/v1/sessions/current"));
  changePassword = (current: string, next: string) =>
    this.done(this.client.POST("/api/v1/sessions/current/password", { body: { current, new: next } }));

  // -- the agent's seat and desktop
  desktop = () => this.body<Desktop>(this.client.GET("/api/v1/desktop"));
  takeSeat = async (seat: SeatKind, phone: PhoneChoice | null) =>
    this.required((await this.client.POST("/api/v1/desktop/seat", { body: { seat, phone } })).data);
  leaveSeat = () => this.done(this.client.DELETE("/api/v1/desktop/seat"));
  choosePhone = (phone: PhoneChoice) => this.done(this.client.PUT("/api/v1/desktop/phone", { body: phone }));
  becomeReady = () => this.done(this.client.POST("/api/v1/desktop/state", { body: { state: "ready" } }));
  withdraw = (reasonId: string) =>
    this.done(
      this.client.POST("/api/v1/desktop/state", { body: { state: "withdrawn", reason_id: reasonId } }),
    );
  call = (number: string, presented = "") =>
    this.done(this.client.POST("/api/v1/desktop/calls", { body: { number, presented } }));

  async layout(): Promise<Tagged<SavedLayout>> {
    const { data, response } = await this.client.GET("/api/v1/desktop/layout");
    return { value: data as SavedLayout, etag: response.headers.get("ETag") ?? "" };
  }
  async saveLayout(layout: SavedLayout, etag: string): Promise<string> {
    const { response } = await this.client.PUT("/api/v1/desktop/layout", {
      body: layout,
      headers: etag ? { "If-Match": etag } : {},
    });
    return response.headers.get("ETag") ?? "";
  }

  // -- the contact at hand
  accept = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/accept", at(id)));
  decline = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/decline", at(id)));
  hold = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/hold", at(id)));
  resume = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/resume", at(id)));
  hangUp = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/hang-up", at(id)));
  reconnect = (id: number) => this.done(this.client.POST("/api/v1/contacts/{contact_id}/reconnect", at(id)));
  digits = (id: number, digits: string) =>
    this.done(this.client.POST("/api/v1/contacts/{contact_id}/digits", { ...at(id), body: { digits } }));
  transfer = (id: number, to: string) =>
    this.done(this.client.POST("/api/v1/contacts/{contact_id}/transfer", { ...at(id), body: { to } }));
  wrapUp = (id: number, closing_reason_id: string, note: string) =>
    this.done(
      this.client.POST("/api/v1/contacts/{contact_id}/wrap-up", {
        ...at(id),
        body: { closing_reason_id, note },
      }),
    );

  // -- colleagues
  messages = (withWhom: string, before?: string) =>
    this.body<Page<ChatMessage>>(
      this.client.GET("/api/v1/chat/messages", {
        params: { query: { with: withWhom, limit: 50, ...(before ? { before: Number(before) } : {}) } },
      }),
    );
  say = (to: string, text: string, key: string) =>
    this.done(this.client.POST("/api/v1/chat/messages", { body: { to, text, key } }));

  // -- contacts and why
  contacts = (query: { cursor?: string; limit?: number; q?: string; mine?: boolean }, signal?: AbortSignal) =>
    this.body<Page<ContactRow>>(
      this.client.GET("/api/v1/contacts", {
        params: { query: { ...query, cursor: query.cursor ? Number(query.cursor) : undefined } },
        signal,
      }),
    );
  search = (
    query: {
      q: string;
      channel?: "voice" | "email" | "chat";
      agent?: string;
      from?: string;
      to?: string;
      cursor?: string;
      limit?: number;
    },
    signal?: AbortSignal,
  ) =>
    this.body<Page<FoundContact>>(
      this.client.GET("/api/v1/search", { params: { query }, ...(signal ? { signal } : {}) }),
    );
  contact = (id: number) =>
    this.body<ContactDetail>(this.client.GET("/api/v1/contacts/{contact_id}", at(id)));
  facts = async (id: number) =>
    this.required((await this.client.GET("/api/v1/contacts/{contact_id}/facts", at(id))).data);
  why = (id: number) =>
    this.body<{ decisions: Decision[] }>(this.client.GET("/api/v1/contacts/{contact_id}/why", at(id)));

  // -- figures
  figureContacts = (id: string, agent: string) =>
    this.body<Page<ContactRow>>(
      this.client.GET("/api/v1/figures/{figure_id}/contacts", {
        params: { path: { figure_id: id }, query: { agent } },
      }),
    );

  private required<T>(data: T | undefined): T {
    if (data === undefined) throw new Problem(502, "unexpected", "", "");
    return data;
  }
}

function at(contact_id: number) {
  return { params: { path: { contact_id } } };
}
