import { Button, Checkbox, Loader, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { TestStep, TypedServer } from "../../client/mail-shapes";
import { IconCircleCheck, IconCircleX } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import classes from "./inboxes.module.css";
import { useText } from "./text";

type Typed = Required<Omit<TypedServer, "secret">> & { secret: string };

const begin: Typed = {
  protocol: "imap",
  host: "",
  port: 0,
  security: "tls",
  sign_in: "password",
  user: "",
  secret: "",
  folder: "",
};
const usualPorts: Record<string, Record<string, number>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop3: { tls: 995, starttls: 110, none: 110 },
  smtp: { tls: 465, starttls: 587, none: 25 },
};

/** Servers that are not configured yet, tried step by step. What is typed stays in this form. */
export function NewServers() {
  const { t, common } = useText();
  const { api } = useServices();
  const [receive, setReceive] = useState<Typed>(begin);
  const [send, setSend] = useState<Typed>({ ...begin, protocol: "smtp" });
  const [both, setBoth] = useState(false);
  const [same, setSame] = useState(true);
  const [busy, setBusy] = useState(false);
  const [steps, setSteps] = useState<TestStep[] | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setSteps(null);
    setError(null);
    const { sign_in, user, secret } = receive;
    const sending = both ? { ...send, ...(same ? { sign_in, user, secret } : {}) } : null;
    try {
      setSteps((await api.mail.testServers({ receive, send: sending })).steps);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className={classes.card} aria-label={t("servers.title")}>
      <h2>{t("servers.title")}</h2>
      <p className={classes.faint}>{t("servers.hint")}</p>
      <form className={classes.form} onSubmit={(event) => void submit(event)} autoComplete="off">
        <Server legend={t("servers.receive")} value={receive} onChange={setReceive} withSignIn />
        <Checkbox
          label={t("servers.with_send")}
          checked={both}
          onChange={(event) => setBoth(event.currentTarget.checked)}
        />
        {both ? (
          <>
            <Checkbox
              label={t("servers.same")}
              checked={same}
              onChange={(event) => setSame(event.currentTarget.checked)}
            />
            <Server legend={t("servers.send")} value={send} onChange={setSend} withSignIn={!same} sends />
          </>
        ) : null}
        <Button type="submit" loading={busy} disabled={!receive.host || (both && !send.host)}>
          {t("servers.go")}
        </Button>
      </form>
      {busy ? (
        <p className={classes.testing} role="status">
          <Loader size="xs" /> {t("inboxes.testing")}
        </p>
      ) : null}
      {error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(error, common)}
        </p>
      ) : null}
      {steps ? <Steps steps={steps} /> : null}
    </section>
  );
}

type StageWord = "dns" | "connect" | "tls" | "login" | "folder" | "send" | "store";

function Steps({ steps }: { steps: TestStep[] }) {
  const { t } = useText();
  return (
    <div role="status">
      <ol className={classes.steps}>
        {steps.map((step) => {
          const Mark = step.ok ? IconCircleCheck : IconCircleX;
          const name = t(step.name === "send" ? "servers.send" : "servers.receive");
          return (
            <li key={`${step.name}.${step.stage}`} data-ok={step.ok}>
              <Mark size={17} aria-label={t(step.ok ? "inboxes.step_ok" : "inboxes.step_bad")} />
              <div>
                <b>{`${name} · ${t(`servers.stage_${step.stage as StageWord}`)}`}</b>
                {step.detail ? <p>{step.detail}</p> : null}
              </div>
            </li>
          );
        })}
      </ol>
      {steps.every((step) => step.ok) ? <p>{t("servers.well")}</p> : null}
    </div>
  );
}

type ServerProps = {
  legend: string;
  value: Typed;
  onChange: (value: Typed) => void;
  withSignIn: boolean;
  sends?: boolean;
};

function Server({ legend, value, onChange, withSignIn, sends }: ServerProps) {
  const { t } = useText();
  const set = (patch: Partial<Typed>) => onChange({ ...value, ...patch });
  const usual = usualPorts[value.protocol]?.[value.security];
  const oauth = value.sign_in === "oauth2";
  return (
    <fieldset className={classes.fields}>
      <legend>{legend}</legend>
      {sends ? null : (
        <Select
          label={t("servers.protocol")}
          data={[
            { value: "imap", label: "IMAP" },
            { value: "pop3", label: "POP3" },
          ]}
          allowDeselect={false}
          value={value.protocol}
          onChange={(protocol) => set({ protocol: protocol as Typed["protocol"] })}
        />
      )}
      <TextInput
        label={t("servers.host")}
        placeholder={sends ? "smtp.example.org" : "imap.example.org"}
        required
        spellCheck={false}
        value={value.host}
        onChange={(event) => set({ host: event.currentTarget.value.trim() })}
      />
      <Select
        label={t("servers.security")}
        data={(["tls", "starttls", "none"] as const).map((each) => ({
          value: each,
          label: t(`servers.security_${each}`),
        }))}
        allowDeselect={false}
        value={value.security}
        onChange={(security) => set({ security: security as Typed["security"] })}
      />
      <TextInput
        label={t("servers.port")}
        inputMode="numeric"
        placeholder={`${usual} (${t("servers.port_usual")})`}
        value={value.port || ""}
        onChange={(event) => set({ port: Number(event.currentTarget.value.replace(/\D/g, "")) })}
      />
      {withSignIn ? (
        <>
          <Select
            label={t("servers.sign_in")}
            data={(["password", "oauth2", "none"] as const).map((each) => ({
              value: each,
              label: t(`servers.sign_in_${each}`),
            }))}
            allowDeselect={false}
            value={value.sign_in}
            onChange={(way) => set({ sign_in: way as Typed["sign_in"] })}
          />
          {value.sign_in === "none" ? null : (
            <>
              <TextInput
                label={t("servers.user")}
                autoComplete="off"
                value={value.user}
                onChange={(event) => set({ user: event.currentTarget.value })}
              />
              {oauth ? (
                <Textarea
                  label={t("servers.secret_oauth2")}
                  autoComplete="off"
                  spellCheck={false}
                  minRows={2}
                  value={value.secret}
                  onChange={(event) => set({ secret: event.currentTarget.value })}
                />
              ) : (
                <PasswordInput
                  label={t("servers.secret")}
                  autoComplete="new-password"
                  value={value.secret}
                  onChange={(event) => set({ secret: event.currentTarget.value })}
                />
              )}
            </>
          )}
        </>
      ) : null}
      {sends || value.protocol === "pop3" ? null : (
        <TextInput
          label={t("servers.folder")}
          placeholder="INBOX"
          value={value.folder}
          onChange={(event) => set({ folder: event.currentTarget.value })}
        />
      )}
    </fieldset>
  );
}
