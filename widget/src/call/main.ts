/**
 * A call in the visitor's page. The widget loads this file when a visitor has accepted a call, and again when his page has
 * been loaded anew during one (`cordboard:call` in the tab's storage): the line is then opened again, and the server calls it.
 */
import type { Chat } from "../chat";
import type { CallAnswer, Message } from "../protocol";
import { Bar } from "./bar";
import { type Account, type Line, openLine } from "./line";
import { styles } from "./styles";
import { wordsOf } from "./words";

const KEPT = "cordboard:call";
const SINCE = "cordboard:call:since";
type Told = Message | undefined;
/** A bar that says something wrong stays; one that says that all is over goes by itself. */
const GOES_AFTER = 4000;

class Call {
  readonly #chat: Chat;
  readonly #number: number;
  readonly #server: string;
  readonly #words;
  readonly #bar: Bar;
  readonly #host: HTMLElement;
  readonly #audio = new Audio();
  #microphone: MediaStream | null = null;
  #line: Line | null = null;
  #over = false;
  #stopListening = () => {};

  constructor(chat: Chat, number: number, server: string, host: HTMLElement) {
    this.#chat = chat;
    this.#number = number;
    this.#server = server;
    this.#host = host;
    this.#words = wordsOf(chat.language);
    this.#bar = new Bar(this.#words, {
      mute: (on) => this.#line?.mute(on),
      end: () => this.#hangUp(),
      hear: () => void this.#audio.play(),
      close: () => this.#remove(),
    });
  }

  async begin(): Promise<void> {
    const again = sessionStorage.getItem(KEPT) === String(this.#number);
    sessionStorage.setItem(KEPT, String(this.#number));
    if (!again) this.#say("accepted");
    const message = await this.#known();
    if (over(message)) return this.#forget();
    this.#show(again);
    this.#microphone = await this.#ask();
    if (!this.#microphone || this.#over) return;
    this.#bar.say(this.#words.connecting);
    try {
      const account = await this.#account();
      if (this.#over) return;
      this.#line = openLine(this.#url(account.socket), account, this.#microphone, {
        ready: () => this.#say("ready"),
        talking: () => this.#talking(),
        sound: (stream) => this.#hear(stream),
        ended: (by) => (by === "them" ? this.#finish(this.#words.ended) : this.#bar.say(this.#words.again)),
        failed: () => this.#fail(this.#words.failed),
      });
    } catch {
      this.#fail(this.#words.failed);
    }
  }

  /** The message that tells of the call, once the server has said where it stands after our answer. */
  #known(): Promise<Told> {
    return new Promise((resolve) => {
      const look = () => {
        const message = this.#chat.told(this.#number);
        if (!message || message.call === "asked") return;
        stop();
        resolve(message);
      };
      const stop = this.#chat.listen(look);
      look();
    });
  }

  #show(again: boolean): void {
    const root = this.#host.shadowRoot;
    if (!root) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    root.prepend(this.#bar.element);
    this.#host.toggleAttribute("calling", true);
    this.#bar.say(again ? this.#words.again : this.#words.allow);
    if (!again) this.#bar.focus();
    this.#stopListening = this.#chat.listen(() => {
      const message = this.#chat.told(this.#number);
      if (message && over(message)) this.#finish(message?.text || this.#words.ended);
      else if (message?.call === "queued") this.#bar.say(this.#words.waiting);
    });
  }

  async #ask(): Promise<MediaStream | null> {
    if (!navigator.mediaDevices?.getUserMedia) return this.#noMicrophone(this.#words.insecure);
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      if (name === "NotAllowedError")
        return this.#noMicrophone(allowed() ? this.#words.refused : this.#words.insecure);
      return this.#noMicrophone(this.#words.missing);
    }
  }

  #noMicrophone(sentence: string): null {
    this.#fail(sentence, "no_microphone");
    return null;
  }

  async #account(): Promise<Account> {
    const query = `token=${encodeURIComponent(this.#chat.token)}&n=${this.#number}`;
    const answer = await fetch(`${this.#server}/api/v1/visitor/call?${query}`, {
      method: "POST",
      credentials: "omit",
      referrerPolicy: "origin",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  #url(path: string): string {
    const query = `token=${encodeURIComponent(this.#chat.token)}&n=${this.#number}`;
    return `${this.#server.replace(/^http/, "ws")}${path}?${query}`;
  }

  #say(answer: CallAnswer): void {
    this.#chat.answer(this.#number, answer);
  }

  #hear(stream: MediaStream): void {
    this.#audio.srcObject = stream;
    this.#audio.play().catch(() => this.#bar.askToHear());
  }

  #talking(): void {
    const since = Number(sessionStorage.getItem(SINCE)) || Date.now();
    sessionStorage.setItem(SINCE, String(since));
    this.#bar.talking(since);
  }

  #hangUp(): void {
    this.#say("hung_up");
    this.#line?.hangUp();
    this.#finish(this.#words.ended);
  }

  #fail(sentence: string, answer: CallAnswer = "failed"): void {
    if (this.#over) return;
    this.#say(answer);
    this.#close();
    this.#bar.finish(sentence);
    this.#bar.focus();
  }

  #finish(sentence: string): void {
    if (this.#over) return;
    this.#close();
    this.#bar.finish(sentence);
    setTimeout(() => this.#remove(), GOES_AFTER);
  }

  #close(): void {
    this.#over = true;
    this.#forget();
    this.#stopListening();
    this.#line?.stop();
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#audio.srcObject = null;
  }

  #forget(): void {
    sessionStorage.removeItem(KEPT);
    sessionStorage.removeItem(SINCE);
  }

  #remove(): void {
    const focused = this.#host.shadowRoot?.activeElement;
    const inside = focused !== null && this.#bar.element.contains(focused ?? null);
    this.#bar.remove();
    this.#host.toggleAttribute("calling", false);
    if (inside) this.#host.shadowRoot?.querySelector<HTMLElement>("textarea,.launch")?.focus();
  }
}

/** Whether the page itself lets its scripts have a microphone; the browser's own "no" is another thing. */
function allowed(): boolean {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy?.allowsFeature("microphone") ?? true;
}

const LIVE = new Set(["asked", "accepted", "queued", "calling", "talking", "lost"]);
function over(message: Told): boolean {
  return !message?.call || !LIVE.has(message.call);
}

type Loaded = HTMLScriptElement & { call?: [chat: Chat, number: number] };
const script = document.currentScript as Loaded | null;
const host = document.querySelector<HTMLElement>("cordboard-chat");
if (host && script?.call) {
  const [chat, number] = script.call;
  void new Call(chat, number, new URL(script.src).origin, host).begin();
}
