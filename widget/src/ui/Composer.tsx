import { Component } from "preact";
import type { Chat } from "../chat";
import { filled, shownSize } from "../strings";
import { ClipIcon, SendIcon, SmileIcon } from "./icons";

const EMOJI = ["🙂", "😀", "😊", "👍", "🙏", "❤️", "🎉", "😂", "😕", "😢", "😡", "🤔", "👋", "✅", "❌", "📦"];
const TYPING_LASTS = 3000;
const PREVIEW_EVERY = 700;
const LONGEST = 4000;

/** Enter sends, Shift+Enter makes a line. Typing is told at most every few seconds, its text only where that is wanted. */
type State = { text?: string; emoji?: boolean; wrong?: string };
export class Composer extends Component<{ chat: Chat }, State> {
  #field: HTMLTextAreaElement | null = null;
  #picker: HTMLInputElement | null = null;
  #toldAt = 0;
  #stop = 0;

  override render() {
    const { chat } = this.props;
    const { text = "", emoji, wrong } = this.state;
    const { words, connection, config } = chat;
    const setWrong = (wrong: string) => this.setState({ wrong });

    const typing = (now: string) => {
      clearTimeout(this.#stop);
      const every = config?.preview ? PREVIEW_EVERY : TYPING_LASTS;
      const tell = (on: boolean, preview: string) =>
        connection?.send({ t: "typing", on, ...(config?.preview ? { preview } : {}) });
      if (Date.now() - this.#toldAt > every) {
        this.#toldAt = Date.now();
        tell(true, now);
      }
      this.#stop = window.setTimeout(() => {
        this.#toldAt = 0;
        tell(false, now);
      }, TYPING_LASTS);
    };
    const send = () => {
      if (!text.trim()) return;
      clearTimeout(this.#stop);
      this.#toldAt = 0;
      chat.say(text.trim());
      this.setState({ text: "", emoji: false });
      this.#field?.focus();
    };
    const attach = (file: File | undefined) => {
      if (!file || !config?.files) return;
      const { max_size, types } = config.files;
      const bad =
        types.length > 0 &&
        !types.some((type) => file.type === type || file.type.startsWith(type.replace("*", "")));
      if (file.size > max_size) setWrong(filled(words.too_big, { size: shownSize(max_size) }));
      else if (bad) setWrong(words.bad_type);
      else {
        setWrong("");
        void chat.attach(file);
      }
    };
    const problem = wrong || chat.failure || connection?.problem?.detail;
    return (
      <>
        {problem ? (
          <p class="wrong status" role="alert">
            {problem}
          </p>
        ) : null}
        {emoji ? (
          <div class="emoji">
            {EMOJI.map((each) => (
              <button
                key={each}
                type="button"
                onClick={() => {
                  this.setState({ text: text + each });
                  this.#field?.focus();
                }}
              >
                {each}
              </button>
            ))}
          </div>
        ) : null}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is one more way, the button is the accessible one */}
        <div
          class="bar"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            attach(event.dataTransfer?.files[0]);
          }}
        >
          {config?.files ? (
            <>
              <input
                ref={(element) => {
                  this.#picker = element;
                }}
                type="file"
                hidden
                accept={config.files.types.join(",")}
                onChange={({ currentTarget }) => {
                  attach(currentTarget.files?.[0]);
                  currentTarget.value = "";
                }}
              />
              <button
                type="button"
                class="plain"
                aria-label={words.attach}
                title={words.attach}
                disabled={chat.busy}
                onClick={() => this.#picker?.click()}
              >
                <ClipIcon />
              </button>
            </>
          ) : null}
          <textarea
            ref={(element) => {
              this.#field = element;
            }}
            rows={1}
            maxLength={LONGEST}
            value={text}
            lang={chat.language}
            aria-label={words.type}
            placeholder={words.type}
            onInput={({ currentTarget }) => {
              this.setState({ text: currentTarget.value });
              typing(currentTarget.value);
            }}
            onPaste={(event) => attach(event.clipboardData?.files[0])}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                event.preventDefault();
                send();
              }
            }}
          />
          <button
            type="button"
            class="plain"
            aria-label={words.emoji}
            title={words.emoji}
            aria-expanded={Boolean(emoji)}
            onClick={() => this.setState({ emoji: !emoji })}
          >
            <SmileIcon />
          </button>
          <button
            type="button"
            class="main plain"
            aria-label={words.send}
            title={words.send}
            disabled={!text.trim()}
            onClick={send}
          >
            <SendIcon />
          </button>
        </div>
      </>
    );
  }
}
