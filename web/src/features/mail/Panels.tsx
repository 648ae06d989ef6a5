/** The small forms of what can be done with a mail besides answering it. */
import { Button, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { IconUser, IconUsers, IconWorld } from "../../ui/icons";
import { type PickItem, PickList } from "../../ui/PickList";
import { StatePill } from "../../ui/StatePill";
import { useDesktop, useLive, useMyAgent, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { isAddress, localInput, type ParkChoice, parkChoices } from "./compose";
import { useText } from "./text";
import classes from "./thread.module.css";

export type PanelProps = { contactId: number; onDone: (done: boolean) => void };

type ParkProps = {
  submit: string;
  busy: boolean;
  onPark: (until: string | null, reason: string) => void;
  onCancel: () => void;
};

/** Until when, and why: for parking, and for sending and parking. */
export function ParkForm({ submit, busy, onPark, onCancel }: ParkProps) {
  const { t, common, clockTime } = useText();
  const { clock } = useServices();
  const [choices] = useState(() => parkChoices(new Date(clock.now())));
  const [chosen, setChosen] = useState<ParkChoice["id"] | "other">("reply");
  const [other, setOther] = useState(() => localInput(new Date(clock.now() + 2 * 3_600_000)));
  const [reason, setReason] = useState("");
  const [past, setPast] = useState(false);
  const words = ({ id, until }: ParkChoice) =>
    id === "reply" || id === "hour"
      ? t(`park.${id}`)
      : t(`park.${id}`, { time: until ? clockTime(until) : "" });
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    const until =
      chosen === "other" ? new Date(other) : (choices.find(({ id }) => id === chosen)?.until ?? null);
    if (until && !(until.getTime() > clock.now())) return setPast(true);
    onPark(until ? until.toISOString() : null, reason.trim());
  }
  return (
    <form className={classes.panel} aria-label={t("park.title")} onSubmit={onSubmit}>
      <NativeSelect
        label={t("park.until")}
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value as typeof chosen)}
        data={[
          ...choices.map((each) => ({ value: each.id, label: words(each) })),
          { value: "other", label: t("park.other") },
        ]}
      />
      {chosen === "other" ? (
        <TextInput
          type="datetime-local"
          label={t("park.at")}
          value={other}
          error={past ? t("park.past") : undefined}
          onChange={(event) => {
            setPast(false);
            setOther(event.currentTarget.value);
          }}
        />
      ) : null}
      <TextInput
        label={t("park.reason")}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.panelActs}>
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}

export function ParkPanel({ contactId, onDone }: PanelProps) {
  const { t } = useText();
  const { api } = useServices();
  const { busy, run } = useCommand();
  return (
    <ParkForm
      submit={t("park.submit")}
      busy={busy}
      onCancel={() => onDone(false)}
      onPark={async (until, reason) => {
        if (await run(() => api.mail.park(contactId, until, reason))) onDone(true);
      }}
    />
  );
}

export function ReturnPanel({ contactId, onDone }: PanelProps) {
  const { t, common } = useText();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  return (
    <form
      className={classes.panel}
      aria-label={t("return.title")}
      onSubmit={async (event) => {
        event.preventDefault();
        if (!reason.trim()) return setMissing(true);
        if (await run(() => api.mail.giveBack(contactId, reason.trim()))) onDone(true);
      }}
    >
      <TextInput
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        label={t("return.reason")}
        value={reason}
        maxLength={200}
        error={missing ? t("return.missing") : undefined}
        onChange={(event) => {
          setMissing(false);
          setReason(event.currentTarget.value);
        }}
      />
      <div className={classes.panelActs}>
        <Button type="submit" loading={busy}>
          {t("return.submit")}
        </Button>
        <Button variant="default" onClick={() => onDone(false)}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** To a colleague, a queue or another Space. */
export function TransferPanel({ contactId, onDone }: PanelProps) {
  const { t, common } = useText();
  const { api } = useServices();
  const me = useMyAgent();
  const desktop = useDesktop();
  const { colleagues, queues } = useLive(({ rows }) => ({
    colleagues: rows.colleagues,
    queues: rows.queues,
  }));
  const { busy, run } = useCommand();
  const items = useMemo<PickItem[]>(() => {
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    const lines = Object.values(queues).filter((each) => !each.channel || each.channel === "email");
    const agents = Object.values(colleagues).filter((each) => each.id !== me?.id);
    return [
      ...lines.toSorted(byName).map((each) => ({
        id: `queue:${each.id}`,
        label: each.name,
        group: common("transfer.queues"),
        icon: <IconUsers size={18} aria-hidden />,
        hint: common("transfer.waiting", { count: each.waiting }),
      })),
      ...agents.toSorted(byName).map((each) => ({
        id: `agent:${each.id}`,
        label: each.name,
        group: common("transfer.agents"),
        icon: <IconUser size={18} aria-hidden />,
        aside: <StatePill state={each.state} reason={each.reason_name} />,
      })),
      ...(desktop?.spaces ?? []).map((each) => ({
        id: `space:${each.id}`,
        label: each.name,
        group: t("transfer.spaces"),
        icon: <IconWorld size={18} aria-hidden />,
      })),
    ];
  }, [queues, colleagues, me?.id, desktop?.spaces, common, t]);
  return (
    <div className={classes.panel}>
      <PickList
        label={t("transfer.title")}
        placeholder={t("transfer.title")}
        items={items}
        nothing={common("transfer.nothing")}
        autoFocus
        busy={busy}
        onEscape={() => onDone(false)}
        onPick={async ({ id }) => {
          if (await run(() => api.transfer(contactId, id))) onDone(true);
        }}
      />
    </div>
  );
}

/** A question to somebody outside; the reply comes back into the contact. */
export function ForwardPanel({ contactId, onDone }: PanelProps) {
  const { t, common } = useText();
  const { api, clock } = useServices();
  const { busy, run } = useCommand();
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const [deadline, setDeadline] = useState(() => localInput(new Date(clock.now() + 24 * 3_600_000)));
  const [remind, setRemind] = useState(true);
  const [missing, setMissing] = useState(false);
  return (
    <form
      className={classes.panel}
      aria-label={t("forward.title")}
      onSubmit={async (event) => {
        event.preventDefault();
        if (!isAddress(to) || !text.trim()) return setMissing(true);
        const until = deadline ? new Date(deadline).toISOString() : null;
        const question = { to: to.trim(), text: text.trim(), deadline: until, remind };
        if (await run(() => api.mail.forward(contactId, question))) onDone(true);
      }}
    >
      <TextInput
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        type="email"
        label={t("forward.to")}
        value={to}
        error={missing ? t("forward.missing") : undefined}
        onChange={(event) => {
          setMissing(false);
          setTo(event.currentTarget.value);
        }}
      />
      <Textarea
        label={t("forward.text")}
        rows={3}
        value={text}
        spellCheck
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t("forward.deadline")}
        value={deadline}
        onChange={(event) => setDeadline(event.currentTarget.value)}
      />
      <Switch
        label={t("forward.remind")}
        checked={remind}
        onChange={(event) => setRemind(event.currentTarget.checked)}
      />
      <p className={classes.hint}>{t("forward.hint")}</p>
      <div className={classes.panelActs}>
        <Button type="submit" loading={busy}>
          {t("forward.submit")}
        </Button>
        <Button variant="default" onClick={() => onDone(false)}>
          {common("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
