import { Alert, Loader, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Considered, Decision, FactRow } from "../../client/shapes";
import { localeOf } from "../../lib/locale";
import { IconCircleCheck, IconCircleDot, IconUserCheck, IconUserX } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useLive, useServices } from "../../ui/services";
import classes from "./contacts.module.css";
import { factSentence, isMainFact, type Names } from "./fact-words";

/** For one contact: what happened, and for each routing decision who was considered, excluded and why. */
export function Why({ contactId }: { contactId: number }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const facts = useQuery({ queryKey: ["facts", contactId], queryFn: () => api.facts(contactId) });
  const why = useQuery({ queryKey: ["why", contactId], queryFn: () => api.why(contactId) });
  const error = facts.error ?? why.error;
  return (
    <div className={classes.why}>
      {error ? (
        <Alert color="red" role="alert">
          {sentenceOf(error, t)}
        </Alert>
      ) : null}
      {facts.isPending || why.isPending ? <Loader size="sm" aria-label={t("app.loading")} /> : null}
      {why.data ? (
        <section>
          <h3>{t("contacts.decisions")}</h3>
          {why.data.decisions.length === 0 ? (
            <p className={classes.faint}>{t("contacts.no_decisions")}</p>
          ) : null}
          {why.data.decisions.map((decision) => (
            <DecisionCard key={decision.seq} decision={decision} />
          ))}
        </section>
      ) : null}
      {facts.data ? <Timeline facts={facts.data.items} /> : null}
    </div>
  );
}

function Timeline({ facts }: { facts: FactRow[] }) {
  const { t, i18n } = useTranslation();
  const [main, setMain] = useState(true);
  const names = useNames();
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const shown = main ? facts.filter((fact) => isMainFact(fact)) : facts;
  return (
    <section>
      <header className={classes.timelineHead}>
        <h3>{t("contacts.timeline")}</h3>
        <Switch
          size="xs"
          label={t("contacts.only_decisions")}
          checked={main}
          onChange={(event) => setMain(event.currentTarget.checked)}
        />
      </header>
      <ol className={classes.timeline}>
        {shown.map((fact) => (
          <li key={`${fact.seq}.${fact.ordinal}`} data-kind={fact.kind}>
            <time dateTime={fact.at}>{time.format(new Date(fact.at))}</time>
            <span>{factSentence(fact, t, i18n, names)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function useNames(): Names {
  return useLive(({ rows }) => ({ agents: rows.colleagues, queues: rows.queues }));
}

function RuleWords({ rule }: { rule: string }) {
  const { t, i18n } = useTranslation();
  return <>{i18n.exists(`rule.${rule}`) ? t(`rule.${rule}` as "rule.only_one") : rule}</>;
}

function DecisionCard({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const runnerUp = decision.runner_up?.name;
  const order = { chosen: 0, eligible: 1, excluded: 2 };
  const considered = decision.considered.toSorted((a, b) => order[a.verdict] - order[b.verdict]);
  return (
    <article className={classes.decision}>
      <header>
        <time dateTime={decision.at}>{time.format(new Date(decision.at))}</time>
        <b>
          {decision.chosen
            ? t("contacts.decided", { name: decision.chosen.name })
            : t("contacts.decided_none")}
        </b>
        {decision.queue ? <span className={classes.faint}>{decision.queue.name}</span> : null}
      </header>
      <p>
        {t("contacts.from_eligible", { count: decision.eligible })}
        {t("app.colon")}
        <RuleWords rule={decision.rule} />
        {decision.measure ? ` (${decision.measure})` : ""}.{" "}
        {runnerUp ? t("contacts.next_best", { name: runnerUp, measure: decision.runner_up_measure }) : null}
      </p>
      <ul className={classes.considered}>
        {considered.map((each) => (
          <ConsideredLine key={each.agent_id} each={each} />
        ))}
      </ul>
    </article>
  );
}

function ConsideredLine({ each }: { each: Considered }) {
  const { t } = useTranslation();
  const Mark =
    each.verdict === "chosen" ? IconUserCheck : each.verdict === "eligible" ? IconCircleCheck : IconUserX;
  return (
    <li data-verdict={each.verdict}>
      <Mark size={15} aria-hidden />
      <span className={classes.consideredName}>{each.name}</span>
      <span className={classes.verdict}>
        {t(`contacts.${each.verdict}`)}
        {each.rule ? (
          <>
            {t("app.colon")}
            <RuleWords rule={each.rule} />
          </>
        ) : null}
        {each.detail ? <small> {each.detail}</small> : null}
      </span>
      {each.verdict === "chosen" ? <IconCircleDot size={12} aria-hidden /> : null}
    </li>
  );
}
