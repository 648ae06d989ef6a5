/** The server's HTTP side. No cookies: whoever has the token is the visitor. */
import type { ButtonConfig, FileInfo, FromServer, NewSession, ToServer } from "./protocol";

export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export class Api {
  readonly #base: string;
  readonly #button: string;

  /** `server`: the origin that the script came from. `button`: "customer/button". */
  constructor(server: string, button: string) {
    this.#base = `${server}/api/v1/visitor`;
    this.#button = button;
  }

  config(language: string): Promise<ButtonConfig> {
    return this.#ask("GET", `/${this.#button}?language=${encodeURIComponent(language)}`);
  }

  begin(session: NewSession): Promise<{ token: string }> {
    return this.#ask("POST", `/${this.#button}/sessions`, session);
  }

  /** Reserves an agent for the seconds in which the visitor makes up his mind. */
  invite(body: { visitor_id: string; rule: string; page: string }): Promise<{
    invitation: string;
    expires_in: number;
  }> {
    return this.#ask("POST", `/${this.#button}/invitation`, body);
  }

  async decline(invitation: string): Promise<void> {
    await this.#ask("DELETE", `/${this.#button}/invitation?invitation=${encodeURIComponent(invitation)}`);
  }

  socketUrl(token: string, after: number): string {
    return `${this.#base.replace(/^http/, "ws")}/socket?token=${encodeURIComponent(token)}&after=${after}`;
  }

  poll(token: string, after: number, signal: AbortSignal): Promise<FromServer[]> {
    const query = `token=${encodeURIComponent(token)}&after=${after}&wait=25`;
    return this.#ask("GET", `/messages?${query}`, undefined, signal);
  }

  async post(token: string, frames: readonly ToServer[]): Promise<void> {
    await this.#ask("POST", `/messages?token=${encodeURIComponent(token)}`, frames);
  }

  upload(token: string, file: File, key: string): Promise<{ file_id: string }> {
    const form = new FormData();
    form.append("file", file, file.name);
    form.append("key", key);
    return this.#ask("POST", `/files?token=${encodeURIComponent(token)}`, form);
  }

  fileUrl(token: string, file: FileInfo): string {
    const path = file.url.startsWith("/")
      ? new URL(file.url, this.#base).href
      : `${this.#base}/files/${file.id}`;
    return `${path}${path.includes("?") ? "&" : "?"}token=${encodeURIComponent(token)}`;
  }

  async #ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const plain = body instanceof FormData;
    const response = await fetch(this.#base + path, {
      method,
      credentials: "omit",
      referrerPolicy: "origin",
      headers: body === undefined || plain ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? null : plain ? body : JSON.stringify(body),
      signal: signal ?? null,
    });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Refused(response.status, problem.code ?? "", problem.detail ?? response.statusText);
    }
    return response.status === 204 ? (undefined as T) : response.json();
  }
}
