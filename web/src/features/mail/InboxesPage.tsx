import { Button, Loader, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InboxState, SetAside, TestStep } from "../../client/mail-shapes";
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHourglass,
  IconMail,
  IconRefresh,
} from "../../ui/icons";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { Pill, type Tone } from "../../ui/StatePill";
import { useDesktop, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { readableSize } from "./compose";
import classes from "./inboxes.module.css";
import { NewServers } from "./NewServers";
import { useText } from "./text";

const looks: Record<InboxState["state"], { tone: Tone; icon: Icon }> = {
  ok: { tone: "good", icon: IconCircleCheck },
  waiting: { tone: "warn", icon: IconHourglass },
  trouble: { tone: "bad", icon: IconAlertTriangle },
  /** Nothing is fetched: mail is delivered to our own door. */
  off: { tone: "good", icon: IconMail },
};

/** Where mail comes in and goes out, whether it does, and what could not be understood. */
export function InboxesPage() {
  const may = useDesktop()?.person.permissions.includes("configuration.write") ?? false;
  return (
    <div className={`${classes.page} scroll`}>
      <Inboxes />
      {may ? <NewServers /> : null}
      <Aside />
    </div>
  );
}

function Inboxes() {
  const { t, common } = useText();
  const { api } = useServices();
  const inboxes = useQuery({
    queryKey: ["mail", "inboxes"],
    queryFn: api.mail.inboxes,
    refetchInterval: 5_000,
  });
  const [tested, setTested] = useState<InboxState | null>(null);
  const items = inboxes.data?.items ?? [];
  return (
    <section className={classes.card}>
      <h2>{t("inboxes.title")}</h2>
      {inboxes.isPending ? <Loader size="sm" aria-label={common("app.loading")} /> : null}
      {inboxes.error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(inboxes.error, common)}
        </p>
      ) : null}
      {inboxes.data && items.length === 0 ? <p className={classes.faint}>{t("inboxes.none")}</p> : null}
      <ul className={classes.list}>
        {items.map((inbox) => (
          <InboxLine key={inbox.id} inbox={inbox} onTest={() => setTested(inbox)} />
        ))}
      </ul>
      <Modal
        opened={tested !== null}
        onClose={() => setTested(null)}
        title={tested ? t("inboxes.test_of", { name: tested.name }) : ""}
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        {tested ? <Test id={tested.id} /> : null}
      </Modal>
    </section>
  );
}

function InboxLine({ inbox, onTest }: { inbox: InboxState; onTest: () => void }) {
  const { t, instant } = useText();
  const look = looks[inbox.state] ?? looks.off;
  const server = inbox.receive
    ? `${inbox.receive.kind.toUpperCase()} · ${inbox.receive.host}:${inbox.receive.port}`
    : "SMTP · LMTP";
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <b>{inbox.name}</b>
        <span>{inbox.address}</span>
        <small>{[inbox.space?.name, server].filter(Boolean).join(" · ")}</small>
        {inbox.error ? <p className={classes.trouble}>{inbox.error}</p> : null}
        {inbox.waiting_since ? (
          <p className={classes.waits}>{t("inboxes.waits", { time: instant(inbox.waiting_since) })}</p>
        ) : null}
      </div>
      <Pill tone={look.tone} icon={look.icon}>
        {t(`inboxes.state_${inbox.state}`)}
      </Pill>
      <dl className={classes.figures}>
        {inbox.receive ? (
          <div>
            <dt>{t("inboxes.last")}</dt>
            <dd>{inbox.last_fetch_at ? instant(inbox.last_fetch_at) : t("inboxes.never")}</dd>
          </div>
        ) : null}
        <div>
          <dt>{t("inboxes.today")}</dt>
          <dd>
            {inbox.sent_today}
            {inbox.failed_today ? ` · ${t("inboxes.failed", { count: inbox.failed_today })}` : ""}
          </dd>
        </div>
      </dl>
      <Button variant="default" size="xs" onClick={onTest} aria-label={`${t("inboxes.test")}: ${inbox.name}`}>
        {t("inboxes.test")}
      </Button>
    </li>
  );
}

/** The steps of a connection test, each with what the other side said. */
function Test({ id }: { id: string }) {
  const { t, common } = useText();
  const { api } = useServices();
  const test = useQuery({
    queryKey: ["mail", "inbox-test", id],
    queryFn: () => api.mail.testInbox(id),
    gcTime: 0,
    retry: false,
  });
  if (test.isFetching)
    return (
      <p className={classes.testing} role="status">
        <Loader size="xs" /> {t("inboxes.testing")}
      </p>
    );
  if (test.error) return <p className={classes.error}>{sentenceOf(test.error, common)}</p>;
  return (
    <>
      <ol className={classes.steps}>
        {(test.data?.steps ?? []).map((step: TestStep) => {
          const Mark = step.ok ? IconCircleCheck : IconCircleX;
          return (
            <li key={step.name} data-ok={step.ok}>
              <Mark size={17} aria-label={t(step.ok ? "inboxes.step_ok" : "inboxes.step_bad")} />
              <div>
                <b>{t(`servers.${step.name === "send" ? "send" : "receive"}`)}</b>
                {step.detail ? <p>{step.detail}</p> : null}
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        mt={12}
        variant="default"
        leftSection={<IconRefresh size={15} aria-hidden />}
        onClick={() => void test.refetch()}
      >
        {common("app.retry")}
      </Button>
    </>
  );
}

const asideKey = ["mail", "set-aside"] as const;

function Aside() {
  const { t, common } = useText();
  const { api } = useServices();
  const aside = useQuery({ queryKey: asideKey, queryFn: api.mail.setAside, refetchInterval: 15_000 });
  const items = aside.data?.items ?? [];
  return (
    <section className={classes.card}>
      <h2>{t("aside.title")}</h2>
      {aside.error ? (
        <p role="alert" className={classes.error}>
          {sentenceOf(aside.error, common)}
        </p>
      ) : null}
      {aside.data ? (
        <p className={classes.faint}>{t(items.length === 0 ? "aside.none" : "aside.hint")}</p>
      ) : null}
      <ul className={classes.list}>
        {items.map((mail) => (
          <AsideLine key={mail.mail_id} mail={mail} />
        ))}
      </ul>
    </section>
  );
}

function AsideLine({ mail }: { mail: SetAside }) {
  const { t, locale, instant } = useText();
  const { api } = useServices();
  const queries = useQueryClient();
  const { busy, run } = useCommand();
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <b>{mail.subject || t("list.no_subject")}</b>
        <span>
          {mail.direction === "out" ? t("aside.to", { to: mail.to }) : mail.sender || t("list.unknown")}
        </span>
        <small>
          {[mail.inbox?.name, instant(mail.received_at), readableSize(mail.size, locale)]
            .filter(Boolean)
            .join(" · ")}
        </small>
        <p className={classes.trouble}>{mail.reason}</p>
      </div>
      {mail.direction === "in" ? (
        <a className={classes.raw} href={api.mail.rawPath(mail.mail_id)} target="_blank" rel="noreferrer">
          {t("thread.raw")}
        </a>
      ) : null}
      <Button
        variant="default"
        size="xs"
        loading={busy}
        leftSection={<IconRefresh size={14} aria-hidden />}
        onClick={async () => {
          if (!(await run(() => api.mail.retry(mail.mail_id)))) return;
          void notice("teal", t("aside.retried"));
          await queries.invalidateQueries({ queryKey: asideKey });
        }}
      >
        {t("aside.retry")}
      </Button>
    </li>
  );
}
