import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../client/problem";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import classes from "./profile.module.css";

export function PasswordForm() {
  const { t } = useTranslation();
  const { api } = useServices();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const next = String(data.get("next"));
    if (next !== data.get("again")) return setError(t("profile.differ"));
    setBusy(true);
    setError(null);
    try {
      await api.changePassword(String(data.get("current")), next);
      form.reset();
      void notice("teal", t("profile.changed"));
    } catch (problem) {
      const wrong = problem instanceof Problem && problem.code === "login_failed";
      setError(wrong ? t("problem.password_wrong") : sentenceOf(problem, t));
    } finally {
      setBusy(false);
    }
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <PasswordInput
        name="current"
        label={t("profile.current")}
        autoComplete="current-password"
        required
        withAsterisk={false}
      />
      <PasswordInput
        name="next"
        label={t("profile.next")}
        autoComplete="new-password"
        required
        withAsterisk={false}
      />
      <PasswordInput
        name="again"
        label={t("profile.again")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        error={error}
        errorProps={{ role: "alert" }}
      />
      <Button type="submit" loading={busy}>
        {t("profile.change")}
      </Button>
    </form>
  );
}
