import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContactRow } from "../../client/shapes";
import { readableNumber } from "../../lib/text";
import { IconMail } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import classes from "./contacts.module.css";
import { channelMark } from "./marks";
import { Outcome } from "./Outcome";
import { useInstant } from "./useInstant";
import { Why } from "./Why";

/** What other features put in: what was said in a contact, and the way to its mails. */
export type PanelSlots = {
  said: (contact: ContactRow) => ReactNode;
  /** null: this person has no mail desk. */
  onMail: ((contactId: number) => void) | null;
};

type Props = PanelSlots & { contactId: number; onOpen: (contactId: number) => void };

/** One contact: what was said, what else there is with the same person, and why it went as it did. */
export function ContactPanel({ contactId, said, onMail, onOpen }: Props) {
  const { t } = useTranslation();
  const { api } = useServices();
  const { data, error } = useQuery({
    queryKey: ["contact", contactId],
    queryFn: () => api.contact(contactId),
    refetchInterval: (query) => (query.state.data?.contact.outcome === "live" ? 5_000 : false),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  if (error)
    return (
      <p role="alert" className={classes.error}>
        {sentenceOf(error, t)}
      </p>
    );
  const contact = data?.contact ?? null;
  if (!contact) return <Why contactId={contactId} />;
  const content = said(contact);
  return (
    <div className={classes.panel}>
      <Summary contact={contact} onMail={onMail} />
      <Tabs
        className={classes.tabs}
        value={chosen ?? (content ? "said" : "why")}
        onChange={setChosen}
        keepMounted={false}
      >
        <Tabs.List>
          {content ? <Tabs.Tab value="said">{t("contacts.said")}</Tabs.Tab> : null}
          <Tabs.Tab value="why">{t("contacts.why")}</Tabs.Tab>
          {contact.remote ? <Tabs.Tab value="person">{t("contacts.person")}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="said">{content}</Tabs.Panel>
        <Tabs.Panel value="why">
          <Why contactId={contactId} />
        </Tabs.Panel>
        <Tabs.Panel value="person">
          <SamePerson contact={contact} onOpen={onOpen} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Summary({ contact, onMail }: { contact: ContactRow } & Pick<PanelSlots, "onMail">) {
  const { t } = useTranslation();
  const instant = useInstant();
  const [Mark, what] = channelMark(contact, t);
  const who = readableNumber(contact.remote);
  return (
    <div className={classes.summary}>
      <Mark size={16} aria-label={what} />
      <b>{contact.remote_name || who || t("contacts.id", { id: contact.contact_id })}</b>
      {contact.remote_name && who ? <span className={classes.faint}>{who}</span> : null}
      <Outcome outcome={contact.outcome} />
      <span>{[contact.queue?.name, contact.agent?.name].filter(Boolean).join(" · ")}</span>
      <time className={classes.faint} dateTime={contact.arrived_at}>
        {instant(contact.arrived_at)}
      </time>
      {contact.closing_reason ? <span>{contact.closing_reason.name}</span> : null}
      {contact.subject ? <span className={classes.subject}>{contact.subject}</span> : null}
      {contact.note ? <p className={classes.note}>{contact.note}</p> : null}
      {onMail && contact.channel === "email" ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconMail size={15} aria-hidden />}
          onClick={() => onMail(contact.contact_id)}
        >
          {t("contacts.open_mail")}
        </Button>
      ) : null}
    </div>
  );
}

/** On all channels, newest first: one conversation, however it was held. */
function SamePerson({ contact, onOpen }: { contact: ContactRow; onOpen: (contactId: number) => void }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const instant = useInstant();
  const { data, error } = useQuery({
    queryKey: ["contacts", "person", contact.remote],
    queryFn: ({ signal }) => api.contacts({ q: contact.remote, limit: 50, mine: false }, signal),
  });
  if (error)
    return (
      <p role="alert" className={classes.error}>
        {sentenceOf(error, t)}
      </p>
    );
  const others = data?.items.filter((each) => each.contact_id !== contact.contact_id);
  if (others?.length === 0) return <p className={classes.faint}>{t("contacts.person_none")}</p>;
  return (
    <ul className={classes.others}>
      {others?.map((each) => {
        const [Mark, what] = channelMark(each, t);
        return (
          <li key={each.contact_id}>
            <Mark size={15} aria-label={what} />
            <button type="button" className={classes.open} onClick={() => onOpen(each.contact_id)}>
              {each.subject || each.queue?.name || t("contacts.id", { id: each.contact_id })}
            </button>
            <span className={classes.faint}>
              {[instant(each.arrived_at), each.agent?.name].filter(Boolean).join(" · ")}
            </span>
            <Outcome outcome={each.outcome} />
          </li>
        );
      })}
    </ul>
  );
}
