/** What the widget knows and does, without a screen: the button's configuration, the session, the invitation. */
import { Api, Refused } from "./api";
import { Connection } from "./connection";
import type { ButtonConfig, CallAnswer, Kept, Message, Rule } from "./protocol";
import { type Circumstances, matching } from "./rules";
import type { Words } from "./strings";

declare const __CALL__: string;

type Invitation = { id: string; text: string };
type Told = { basket: number; fields: Record<string, string> };
/** A shown file, message or choice of the visitor's that has not come back yet. */
export type Pending = { key: string; text: string };

const SEEN = "cordboard:seen";

export class Chat {
  config: ButtonConfig | null = null;
  /** Filled with the configuration; nothing is shown before. */
  words = {} as Words;
  language: string;
  opened = false;
  connection: Connection | null = null;
  token = "";
  invitation: Invitation | null = null;
  /** Why a session could not begin, or a file not be sent: a sentence. */
  failure = "";
  busy = false;
  /** Numbers of questions (buttons, forms, pages) that were answered here. */
  answered = new Set<number>();
  #seen = 0;
  readonly #api: Api;
  readonly #visitor: string;
  readonly #told: Told = { basket: 0, fields: {} };
  #identity = "";
  readonly #since = Date.now();
  #scroll = 0;
  #watch = 0;
  readonly #listeners = new Set<() => void>();

  readonly #button: string;

  readonly #server: string;

  constructor(server: string, button: string, wished: string) {
    this.#server = server;
    this.#button = button;
    this.#api = new Api(server, button);
    this.language = wished.slice(0, 2).toLowerCase();
    this.#visitor = this.#remembered("visitor") || this.#remember("visitor", crypto.randomUUID());
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly changed = (): void => {
    for (const listener of this.#listeners) listener();
  };

  async start(): Promise<void> {
    const returning = this.#remembered("been") !== "";
    this.#remember("been", "1");
    const token = this.#remembered("token");
    this.config = await this.#api.config(this.language);
    this.language = this.config.language;
    this.words = this.config.words;
    if (token) {
      this.#join(token);
      if (this.#remembered("open")) this.opened = true;
    } else if (this.config.kind === "dynamic" && this.config.rules?.length)
      this.#look(this.config.rules, returning);
    this.changed();
  }

  // -- the window

  open(): void {
    this.opened = true;
    this.#remember("open", "1");
    this.read();
    this.changed();
  }

  close(): void {
    this.opened = false;
    this.#forget("open");
    this.changed();
  }

  /** Messages that came while the window was closed. */
  get unread(): number {
    const messages = this.connection?.conversation.messages ?? [];
    return this.opened ? 0 : messages.filter((each) => each.n > this.#seen && each.from !== "visitor").length;
  }

  read(): void {
    const last = this.connection?.conversation.last ?? 0;
    if (!this.opened || document.visibilityState === "hidden" || last <= this.#seen) return;
    this.#seen = last;
    this.connection?.send({ t: "read", n: last });
  }

  // -- the page's side (window.Cordboard)

  set(values: { basket?: number; fields?: Record<string, string> }): void {
    if (typeof values.basket === "number") this.#told.basket = values.basket;
    Object.assign(this.#told.fields, values.fields);
  }

  identify(jwt: string): void {
    this.#identity = jwt;
  }

  // -- the session

  async begin(fields: Record<string, string>): Promise<void> {
    this.busy = true;
    this.failure = "";
    this.changed();
    const basket: Record<string, string> = this.#told.basket ? { basket: String(this.#told.basket) } : {};
    try {
      const { token } = await this.#api.begin({
        key: crypto.randomUUID(),
        language: this.language,
        page: { url: location.href, title: document.title, referrer: document.referrer },
        visitor_id: this.#visitor,
        fields: { ...basket, ...this.#told.fields, ...fields },
        ...(this.#identity ? { identity: this.#identity } : {}),
        ...(this.invitation ? { invitation: this.invitation.id } : {}),
      });
      this.invitation = null;
      this.#remember("token", token);
      this.#join(token);
    } catch (error) {
      this.failure = error instanceof Refused && error.status < 500 ? error.message : this.words.failed;
    }
    this.busy = false;
    this.changed();
  }

  #join(token: string): void {
    this.token = token;
    this.answered = new Set();
    this.#seen = Number(sessionStorage.getItem(SEEN)) || 0;
    const store = {
      read: (): Kept[] => JSON.parse(this.#remembered("unsent") || "[]"),
      write: (unsent: readonly Kept[]) => void this.#remember("unsent", JSON.stringify(unsent)),
    };
    this.connection = new Connection(this.#api, token, store, () => {
      this.read();
      sessionStorage.setItem(SEEN, String(this.#seen));
      this.changed();
    });
    const n = Number(sessionStorage.getItem("cordboard:call"));
    if (n) this.#call(n);
  }

  /** Lets go of a conversation that is over. */
  again(): void {
    this.connection?.stop();
    this.connection = null;
    this.token = "";
    this.#seen = 0;
    sessionStorage.removeItem(SEEN);
    for (const name of ["token", "unsent"]) this.#forget(name);
    this.changed();
  }

  say(text: string): void {
    this.connection?.say({ t: "say", key: crypto.randomUUID(), text });
  }

  choose(message: Message, choice: string): void {
    this.answered.add(message.n);
    if (message.call) {
      if (choice === "no") this.answer(message.n, "declined");
      else this.#call(message.n);
      this.changed();
    } else this.connection?.say({ t: "choose", key: crypto.randomUUID(), n: message.n, choice });
  }

  /** A call is a file of its own, which is loaded when the visitor accepts one. */
  #call(n: number): void {
    document.head.append(
      Object.assign(document.createElement("script"), {
        src: `${this.#server}/${__CALL__}`,
        call: [this, n],
        onerror: () => this.answer(n, "failed"),
      }),
    );
  }

  /** For the file of the calls, as are `listen`, `answer`, `token` and `language`: names that are not shortened. */
  told(n: number): Message | undefined {
    return this.connection?.conversation.messages.find((each) => each.n === n);
  }

  answer(n: number, answer: CallAnswer): void {
    this.connection?.send({ t: "call", n, answer });
  }

  fill(message: Message, values: Record<string, string>): void {
    this.answered.add(message.n);
    this.connection?.say({ t: "form", key: crypto.randomUUID(), n: message.n, values });
  }

  consent(message: Message, ok: boolean): void {
    this.answered.add(message.n);
    this.connection?.send({ t: "consent", n: message.n, ok });
    this.changed();
  }

  async attach(file: File): Promise<void> {
    this.failure = "";
    this.busy = true;
    this.changed();
    const key = crypto.randomUUID();
    try {
      const { file_id } = await this.#api.upload(this.token, file, key);
      this.connection?.say({ t: "file", key, file_id });
    } catch (error) {
      this.failure =
        error instanceof Refused && error.status < 500 ? error.message : this.words.upload_failed;
    }
    this.busy = false;
    this.changed();
  }

  fileUrl(message: Message): string {
    return message.file ? this.#api.fileUrl(this.token, message.file) : "";
  }

  // -- invitations

  #look(rules: readonly Rule[], returning: boolean): void {
    if (sessionStorage.getItem("cordboard:declined")) return;
    const tried = new Set<string>();
    this.#watch = window.setInterval(() => {
      const scrollable = document.documentElement.scrollHeight - innerHeight;
      this.#scroll = Math.max(this.#scroll, scrollable > 0 ? scrollY / scrollable : 1);
      const now: Circumstances = {
        url: location.href,
        seconds: (Date.now() - this.#since) / 1000,
        scroll: this.#scroll,
        returning,
        basket: this.#told.basket,
      };
      const rule =
        this.opened || this.connection
          ? undefined
          : matching(
              rules.filter((r) => !tried.has(r.id)),
              now,
            );
      if (!rule || document.visibilityState === "hidden") return;
      tried.add(rule.id);
      void this.#invite(rule);
    }, 1000);
  }

  async #invite(rule: Rule): Promise<void> {
    try {
      const made = await this.#api.invite({ visitor_id: this.#visitor, rule: rule.id, page: location.href });
      this.invitation = { id: made.invitation, text: rule.text || this.words.invitation };
      clearInterval(this.#watch);
      setTimeout(() => this.invitation?.id === made.invitation && this.dismiss(), made.expires_in * 1000);
      this.changed();
    } catch {
      // Nobody is free: nothing is shown, that is the point of it.
    }
  }

  accept(): void {
    this.open();
    if (!this.config?.form?.length && !this.config?.consent) void this.begin({});
  }

  dismiss(): void {
    const invitation = this.invitation;
    if (!invitation) return;
    this.invitation = null;
    sessionStorage.setItem("cordboard:declined", "1");
    void this.#api.decline(invitation.id).catch(() => {});
    this.changed();
  }

  // -- what the browser keeps for us (a browser may refuse to)

  #remembered(name: string): string {
    try {
      return localStorage.getItem(`cordboard:${this.#button}:${name}`) ?? "";
    } catch {
      return "";
    }
  }

  #remember(name: string, value: string): string {
    try {
      localStorage.setItem(`cordboard:${this.#button}:${name}`, value);
    } catch {
      // Private windows: the conversation then lasts as long as the page.
    }
    return value;
  }

  #forget(name: string): void {
    try {
      localStorage.removeItem(`cordboard:${this.#button}:${name}`);
    } catch {
      // See `remember`.
    }
  }
}
