import { Component } from "preact";
import type { Chat } from "../chat";
import { filled } from "../strings";
import { Composer } from "./Composer";
import { Ended } from "./Ended";
import { Form } from "./Form";
import { CloseIcon, MinusIcon } from "./icons";
import { Messages } from "./Messages";

/** The window: before a session its form, then the conversation, at the end what is left to say. */
export class Window extends Component<{ chat: Chat }, { sure?: boolean }> {
  #window: HTMLElement | null = null;
  #seen: unknown;

  override componentDidMount() {
    this.#focus();
  }

  override componentDidUpdate() {
    if (this.#seen !== this.#part()) this.#focus();
  }

  /** What the window shows: another part takes the focus. */
  #part(): unknown {
    const { connection } = this.props.chat;
    return connection?.conversation.state.state === "ended" || connection;
  }

  #focus() {
    this.#seen = this.#part();
    this.#window?.querySelector<HTMLElement>("textarea,input:not([hidden]),.main")?.focus();
  }

  override render() {
    const { chat } = this.props;
    const { sure } = this.state;
    const { words, config, connection } = chat;
    const setSure = (sure: boolean) => this.setState({ sure });
    const phase = connection?.conversation.state.state;
    const over = phase === "ended" || connection?.line === "gone";
    const title = config?.texts?.title || words.title;
    return (
      <section
        ref={(element) => {
          this.#window = element;
        }}
        class="window"
        role="dialog"
        aria-label={title}
        onKeyDown={(event) => {
          if (event.key === "Escape") chat.close();
          event.stopPropagation(); // the page's own shortcuts are not meant
        }}
      >
        <header class="head">
          <div>
            <h2>{title}</h2>
            <Subtitle chat={chat} />
          </div>
          <button
            type="button"
            class="plain"
            aria-label={words.minimise}
            title={words.minimise}
            onClick={() => chat.close()}
          >
            <MinusIcon />
          </button>
          {connection && !over ? (
            <button
              type="button"
              class="plain"
              aria-label={words.end}
              title={words.end}
              onClick={() => setSure(true)}
            >
              <CloseIcon />
            </button>
          ) : null}
        </header>
        {connection ? (
          <>
            <Status chat={chat} />
            <Messages chat={chat} />
            {over ? (
              <Ended chat={chat} />
            ) : sure ? (
              <div class="foot" role="alertdialog" aria-label={words.end_sure}>
                <strong>{words.end_sure}</strong>
                <div class="row">
                  <button
                    type="button"
                    class="main"
                    onClick={() => {
                      connection.send({ t: "end" });
                      setSure(false);
                    }}
                  >
                    {words.yes}
                  </button>
                  <button type="button" onClick={() => setSure(false)}>
                    {words.no}
                  </button>
                </div>
              </div>
            ) : (
              <Composer chat={chat} />
            )}
          </>
        ) : (
          <Before chat={chat} />
        )}
      </section>
    );
  }
}

function Before({ chat }: { chat: Chat }) {
  const { words, config, failure, busy } = chat;
  return (
    <div class="body">
      {config?.open === false ? <p class="notice">{config.texts?.closed || words.closed}</p> : null}
      {config?.texts?.welcome ? <p class="notice">{config.texts.welcome}</p> : null}
      {failure ? (
        <p class="wrong" role="alert">
          {failure}
        </p>
      ) : null}
      <Form
        words={words}
        fields={config?.form ?? []}
        {...(config?.consent ? { consent: config.consent } : {})}
        submit={words.start}
        busy={busy}
        onSubmit={(values) => void chat.begin(values)}
      />
    </div>
  );
}

function Subtitle({ chat }: { chat: Chat }) {
  const agent = chat.connection?.conversation.state.agent?.name;
  const text = agent || chat.config?.texts?.subtitle;
  return text ? <p>{text}</p> : null;
}

/** The connection, or the place in the queue. */
function Status({ chat }: { chat: Chat }) {
  const { words, connection } = chat;
  if (!connection || connection.line === "gone") return null;
  const { state, position, estimate_seconds: seconds, nobody, message } = connection.conversation.state;
  const minutes = seconds ? Math.max(1, Math.round(seconds / 60)) : 0;
  const said =
    connection.line === "connecting"
      ? words.connecting
      : connection.line === "away"
        ? words.away
        : state === "waiting"
          ? [
              nobody ? words.nobody : position ? filled(words.position, { n: position }) : words.waiting,
              minutes ? filled(words.estimate, { n: minutes }) : "",
            ].join(" ")
          : "";
  return (
    <div class="status row" hidden={!said}>
      <span role="status">{said}</span>
      {message && connection.line === "up" ? (
        <button type="button" onClick={() => connection.send({ t: "stop_waiting" })}>
          {words.leave}
        </button>
      ) : null}
    </div>
  );
}
