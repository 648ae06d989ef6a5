import { Component } from "preact";
import type { Chat } from "../chat";
import { Form } from "./Form";

/** After the end: how it was, the conversation by mail, another one. */
type State = { score?: number; told?: boolean; sent?: boolean };
export class Ended extends Component<{ chat: Chat }, State> {
  override render() {
    const { chat } = this.props;
    const { score = 0, told, sent } = this.state;
    const { words, connection, config } = chat;
    const gone = connection?.line === "gone";
    return (
      <div class="foot">
        <strong>{gone ? words.gone : words.ended}</strong>
        {connection?.problem ? (
          <p class="wrong" role="alert">
            {connection.problem.detail}
          </p>
        ) : null}
        {!gone && connection?.conversation.state.continue ? (
          <button
            type="button"
            class="main"
            disabled={connection.line !== "up"}
            onClick={() => connection.send({ t: "continue" })}
          >
            {words.continue}
          </button>
        ) : null}
        {config?.survey && !gone ? (
          told ? (
            <span role="status">{words.survey_thanks}</span>
          ) : (
            <>
              <fieldset class="row choices" aria-label={words.survey}>
                <span>{words.survey}</span>
                <span class="stars">
                  {[1, 2, 3, 4, 5].map((n) => (
                    <button
                      key={n}
                      type="button"
                      aria-pressed={n <= score}
                      aria-label={`${n} / 5`}
                      onClick={() => this.setState({ score: n })}
                    >
                      {n <= score ? "★" : "☆"}
                    </button>
                  ))}
                </span>
              </fieldset>
              {score ? (
                <Form
                  words={words}
                  fields={[{ name: "text", label: words.survey_text, type: "textarea" }]}
                  submit={words.send}
                  onSubmit={({ text = "" }) => {
                    connection?.send({ t: "survey", score, text });
                    this.setState({ told: true });
                  }}
                />
              ) : null}
            </>
          )
        ) : null}
        {config?.transcript && !gone ? (
          sent ? (
            <span role="status">{words.transcript_sent}</span>
          ) : (
            <details>
              <summary>{words.transcript}</summary>
              <Form
                words={words}
                fields={[{ name: "email", label: words.email, type: "email", required: true }]}
                submit={words.send}
                onSubmit={({ email = "" }) => {
                  connection?.send({ t: "transcript", email });
                  this.setState({ sent: true });
                }}
              />
            </details>
          )
        ) : null}
        <button type="button" onClick={() => chat.again()}>
          {words.again}
        </button>
      </div>
    );
  }
}
