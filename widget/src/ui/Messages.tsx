import { Component } from "preact";
import type { Chat } from "../chat";
import { pieces, safe } from "../links";
import type { Kept, Message } from "../protocol";
import { filled, shownSize } from "../strings";
import { Form } from "./Form";

const NEAR = 60;

/** The conversation; it follows the newest message unless the visitor has scrolled up to read. */
type State = { below?: boolean };
export class Messages extends Component<{ chat: Chat }, State> {
  #box: HTMLElement | null = null;
  #following = true;
  #height = "";
  /** Images arrive later and push the end down. */
  readonly #observer = new ResizeObserver(() => this.#following && this.#toEnd());

  override componentDidMount() {
    this.#observer.observe(this.#box as Element); // what is below takes room
    this.componentDidUpdate();
  }

  override componentDidUpdate() {
    const { connection } = this.props.chat;
    const { last, typing } = connection?.conversation ?? {};
    const height = `${last}:${connection?.unsent.length}:${typing}`;
    if (height === this.#height) return;
    this.#height = height;
    for (const child of this.#box?.children ?? []) this.#observer.observe(child);
    if (this.#following) this.#toEnd();
    else this.setState({ below: true });
  }

  override componentWillUnmount() {
    this.#observer.disconnect();
  }

  readonly #toEnd = () => {
    this.#box?.scrollTo(0, this.#box.scrollHeight);
    this.#following = true;
    if (this.state.below) this.setState({ below: false });
  };

  override render() {
    const { chat } = this.props;
    const { below } = this.state;
    const { connection, words } = chat;
    const conversation = connection?.conversation;
    const messages = conversation?.messages ?? [];
    const unsent = connection?.unsent ?? [];
    const newest = messages.at(-1);
    return (
      <div
        ref={(element) => {
          this.#box = element;
        }}
        class="body log"
        role="log"
        aria-label={words.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          this.#following = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
          if (this.#following && below) this.setState({ below: false });
        }}
      >
        {chat.config?.texts?.welcome ? <p class="notice">{chat.config.texts.welcome}</p> : null}
        {messages.map((message, index) => (
          <Shown key={message.n} chat={chat} message={message} before={messages[index - 1]} />
        ))}
        {newest?.from === "visitor" && (conversation?.read ?? 0) >= newest.n ? (
          <span class="under">{words.seen}</span>
        ) : null}
        {unsent.map((frame) => (
          <Unsent key={frame.key} chat={chat} frame={frame} />
        ))}
        {conversation?.typing ? (
          <p class="who">
            {filled(words.typing, { name: conversation.state.agent?.name ?? words.somebody })}
          </p>
        ) : null}
        {below ? (
          <button type="button" class="below main" onClick={this.#toEnd}>
            {words.new_below}
          </button>
        ) : null}
      </div>
    );
  }
}

function Unsent({ chat, frame }: { chat: Chat; frame: Kept }) {
  const { words, connection } = chat;
  const text =
    frame.t === "say" || frame.t === "leave_message" ? frame.text : frame.t === "file" ? "📎" : "…";
  return (
    <>
      <div class="bubble mine">{text}</div>
      <span class="under">{connection?.line === "up" ? words.sending : words.not_sent}</span>
    </>
  );
}

function Shown({ chat, message, before }: { chat: Chat; message: Message; before: Message | undefined }) {
  const { words } = chat;
  if (message.kind === "notice" || message.from === "system") return <p class="notice">{message.text}</p>;
  const mine = message.from === "visitor";
  const name = message.name || (message.from === "agent" ? words.somebody : "");
  const named = !mine && name && (before?.from !== message.from || before.name !== message.name);
  return (
    <>
      {named ? <span class="who">{name}</span> : null}
      <div class={mine ? "bubble mine" : "bubble"}>
        <span class="sr">{mine ? `${words.you}: ` : ""}</span>
        {message.deleted ? (
          <span class="gone">{words.deleted}</span>
        ) : (
          <Content chat={chat} message={message} />
        )}
        {message.edited && !message.deleted ? <small>({words.edited})</small> : null}
      </div>
      {message.deleted ? null : <Question chat={chat} message={message} />}
    </>
  );
}

function Content({ chat, message }: { chat: Chat; message: Message }) {
  const { file, text = "" } = message;
  if (file) {
    const url = chat.fileUrl(message);
    const label = filled(chat.words.download, { name: file.name });
    return (
      <>
        <a href={url} target="_blank" rel="noopener noreferrer" download={file.name} aria-label={label}>
          {/* What may be downloaded only so often is not spent on a preview. */}
          {!file.times && /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? (
            <img src={url} alt={file.name} />
          ) : (
            "📎 "
          )}
          {file.name} ({shownSize(file.size)})
        </a>
        {file.until ? (
          <small>
            {filled(chat.words.until, {
              at: new Date(file.until).toLocaleString(chat.language, {
                dateStyle: "medium",
                timeStyle: "short",
              }),
            })}
          </small>
        ) : null}
        {file.times ? <small>{filled(chat.words.times, { n: file.times })}</small> : null}
      </>
    );
  }
  const href = safe(message.url);
  if (message.kind === "page")
    return `${filled(chat.words.page, { name: message.name || chat.words.somebody })}\n${href}`;
  return (
    <>
      {pieces(text).map((piece, index) =>
        piece.href ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
      {href ? (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {text ? ` ${href}` : href}
        </a>
      ) : null}
    </>
  );
}

/** What the visitor can answer with: buttons, a form, a page that he may open. Only the newest question is open. */
function Question({ chat, message }: { chat: Chat; message: Message }) {
  const { words, connection } = chat;
  const state = connection?.conversation.state.state;
  const later = connection?.conversation.messages.some(
    (each) => each.n > message.n && each.from === "visitor",
  );
  if (chat.answered.has(message.n) || message.consent !== undefined || state === "ended") return null;
  if (message.kind === "page" && safe(message.url))
    return (
      <fieldset class="choices" aria-label={filled(words.page, { name: message.name || words.somebody })}>
        <button
          type="button"
          onClick={() => {
            chat.consent(message, true);
            window.open(safe(message.url), "_blank", "noopener");
          }}
        >
          {words.page_open}
        </button>
        <button type="button" onClick={() => chat.consent(message, false)}>
          {words.page_no}
        </button>
      </fieldset>
    );
  if (later) return null;
  if (message.choices?.length)
    return (
      <fieldset class="choices" aria-label={message.text ?? ""}>
        {message.choices.map((choice) => (
          <button key={choice.id} type="button" onClick={() => chat.choose(message, choice.id)}>
            {choice.label}
          </button>
        ))}
      </fieldset>
    );
  if (message.fields?.length)
    return (
      <Form
        words={words}
        fields={message.fields}
        submit={words.send}
        onSubmit={(values) => chat.fill(message, values)}
      />
    );
  return null;
}
