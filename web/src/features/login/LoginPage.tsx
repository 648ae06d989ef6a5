import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../client/shapes";
import { IconAlertCircle } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import classes from "./LoginPage.module.css";

/** Login and password. `notice` says why the person is here again (session over, logged out elsewhere). */
export function LoginPage({
  onDone,
  notice,
  corner,
}: {
  onDone: (person: Person) => void;
  notice?: string | null;
  corner?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const { api } = useServices();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const { person } = await api.logIn(String(data.get("login")).trim(), String(data.get("password")));
      onDone(person);
    } catch (problem) {
      setError(sentenceOf(problem, t));
      password.current?.select();
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={classes.page}>
      <div className={classes.corner}>{corner}</div>
      <main className={classes.card}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <span>{t("app.name")}</span>
        </div>
        <h1 className={classes.title}>{t("login.title")}</h1>
        {notice && !error ? <p className={classes.notice}>{notice}</p> : null}
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            name="login"
            label={t("login.login")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            size="md"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            ref={password}
            name="password"
            label={t("login.password")}
            autoComplete="current-password"
            size="md"
            required
            withAsterisk={false}
          />
          <div className={classes.alertSlot}>
            {error ? (
              <Alert
                color="red"
                variant="light"
                icon={<IconAlertCircle size={18} aria-hidden />}
                className={classes.alert}
              >
                {error}
              </Alert>
            ) : null}
          </div>
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t("login.submit")}
          </Button>
        </form>
      </main>
    </div>
  );
}
