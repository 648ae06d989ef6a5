/** The bar of a call: what is going on, for how long, the microphone, the end. Plain elements, so that the file stays small. */
import type { CallWords } from "./words";

type Actions = { mute(on: boolean): void; end(): void; hear(): void; close(): void };

export class Bar {
  readonly #root: HTMLElement;
  readonly #said = document.createElement("p");
  readonly #time = document.createElement("time");
  readonly #mute: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  readonly #hear: HTMLButtonElement;
  readonly #words: CallWords;
  #muted = false;
  #clock = 0;

  constructor(words: CallWords, actions: Actions) {
    this.#words = words;
    const root = document.createElement("section");
    root.className = "call";
    root.setAttribute("aria-label", words.call);
    this.#said.setAttribute("role", "status");
    this.#mute = this.#button(words.mute, () => {
      this.#muted = !this.#muted;
      actions.mute(this.#muted);
      this.#mute.setAttribute("aria-pressed", String(this.#muted));
      this.#mute.textContent = this.#muted ? words.unmute : words.mute;
      this.say(this.#muted ? words.muted : words.talking);
    });
    this.#mute.hidden = true;
    this.#hear = this.#button(words.hear, () => {
      this.#hear.hidden = true;
      actions.hear();
    });
    this.#hear.hidden = true;
    this.#end = this.#button(words.hang_up, () => (this.#over ? actions.close() : actions.end()));
    this.#end.className = "end";
    root.append(this.#said, this.#time, this.#hear, this.#mute, this.#end);
    this.#root = root;
  }

  #over = false;

  get element(): HTMLElement {
    return this.#root;
  }

  #button(text: string, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  say(text: string): void {
    if (this.#said.textContent !== text) this.#said.textContent = text;
  }

  focus(): void {
    this.#end.focus();
  }

  /** They hear each other, since `since`. */
  talking(since: number): void {
    this.say(this.#muted ? this.#words.muted : this.#words.talking);
    this.#mute.hidden = false;
    clearInterval(this.#clock);
    const show = () => {
      const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
      this.#time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    show();
    this.#clock = window.setInterval(show, 1000);
  }

  /** The sound is kept back until the visitor has clicked. */
  askToHear(): void {
    this.#hear.hidden = false;
  }

  /** Over: a sentence, and a button that takes the bar away. */
  finish(text: string): void {
    this.#over = true;
    clearInterval(this.#clock);
    this.say(text);
    this.#mute.hidden = this.#hear.hidden = true;
    this.#end.textContent = this.#words.close;
    this.#end.className = "";
  }

  remove(): void {
    clearInterval(this.#clock);
    this.#root.remove();
  }
}
