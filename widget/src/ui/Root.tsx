import { Component } from "preact";
import type { Chat } from "../chat";
import { filled } from "../strings";
import { ChatIcon, CloseIcon } from "./icons";
import { Window } from "./Window";

/** The button, the invitation above it, the window. A dynamic button shows itself only with an invitation or a session. */
export class Root extends Component<{ chat: Chat }> {
  #button: HTMLButtonElement | null = null;
  #opened = false;

  override componentDidUpdate() {
    const { opened } = this.props.chat;
    if (this.#opened && !opened) this.#button?.focus();
    this.#opened = opened;
  }

  override render() {
    const { chat } = this.props;
    const { words, config, opened, invitation, unread } = chat;
    if (!config) return null;
    if (config.kind === "dynamic" && !invitation && !chat.connection && !opened) return null;
    const label = opened ? words.close : config.texts?.title || words.open;
    return (
      <>
        {opened ? (
          <Window chat={chat} />
        ) : invitation ? (
          <div class="invite" role="dialog" aria-label={words.invitation}>
            <p>{invitation.text}</p>
            <div class="row">
              <button type="button" class="main" onClick={() => chat.accept()}>
                {words.accept}
              </button>
              <button type="button" onClick={() => chat.dismiss()}>
                {words.dismiss}
              </button>
            </div>
          </div>
        ) : null}
        <button
          ref={(element) => {
            this.#button = element;
          }}
          type="button"
          class="launch main"
          aria-label={unread ? `${label} (${filled(words.unread, { n: unread })})` : label}
          aria-expanded={opened}
          onClick={() => (opened ? chat.close() : chat.open())}
        >
          {opened ? <CloseIcon /> : <ChatIcon />}
          {unread ? (
            <span class="badge" aria-hidden="true">
              {unread}
            </span>
          ) : null}
        </button>
      </>
    );
  }
}
