import { Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LibraryPlan } from "../../client/answers-api";
import { IconFileText } from "../../ui/icons";
import { notice } from "../../ui/notice";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./answers.module.css";

/** The whole library as a file: taken out, and put in after its plan was looked at. */
export function LibraryFileButton() {
  const { t } = useTranslation("answers");
  const { t: common } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconFileText size={15} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("file")}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t("file")}
        size="lg"
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        <LibraryFile onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function LibraryFile({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("answers");
  const { answers } = useServices().api;
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  const picker = useRef<HTMLInputElement>(null);
  const [read, setRead] = useState<{ text: string; plan: LibraryPlan } | null>(null);
  async function take(file: File | undefined) {
    setRead(null);
    if (!file) return;
    const text = await file.text();
    await run(async () => setRead({ text, plan: await answers.planFile(text) }));
  }
  async function apply() {
    if (!read || !(await run(() => answers.applyFile(read.text)))) return;
    await queries.invalidateQueries({ queryKey: ["answers"] });
    void notice("teal", t("file_done", { count: read.plan.changes.length }));
    onDone();
  }
  return (
    <>
      <p className={classes.hint}>{t("file_hint")}</p>
      <div className={classes.fileActs}>
        <Button component="a" variant="default" href={answers.exportPath} download>
          {t("file_export")}
        </Button>
        <Button variant="default" loading={busy} onClick={() => picker.current?.click()}>
          {t("file_choose")}
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".yaml,.yml"
          hidden
          aria-label={t("file_choose")}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {read ? <Plan plan={read.plan} busy={busy} onApply={() => void apply()} /> : null}
    </>
  );
}

function Plan({ plan, busy, onApply }: { plan: LibraryPlan; busy: boolean; onApply: () => void }) {
  const { t } = useTranslation("answers");
  if (plan.changes.length === 0) return <p role="status">{t("file_nothing")}</p>;
  return (
    <>
      <h3>{t("file_plan", { count: plan.changes.length })}</h3>
      <ul
        className={`${classes.plan} scroll`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        aria-label={t("file_plan", { count: plan.changes.length })}
      >
        {plan.changes.map((each) => (
          <li key={each.path} data-kind={each.kind}>
            <b>{t(`file_${each.kind as "add"}`)}</b> {each.title || each.path} <code>{each.path}</code>
            {each.what.length > 0 ? <small>{each.what.join(", ")}</small> : null}
          </li>
        ))}
      </ul>
      {plan.missing_files.length > 0 ? (
        <p role="alert" className={classes.error}>
          {t("file_missing", { count: plan.missing_files.length })}
        </p>
      ) : (
        <Button loading={busy} onClick={onApply}>
          {t("file_apply")}
        </Button>
      )}
    </>
  );
}
