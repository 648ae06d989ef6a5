import { Loader } from "@mantine/core";
import { useState } from "react";
import { sentenceOf } from "../../ui/problem-words";
import { MailCard } from "./MailCard";
import { useText } from "./text";
import classes from "./thread.module.css";
import { useThread } from "./useThread";

/** The mails of a contact, to be read and no more: where it is not the agent's to answer. */
export function ReadThread({ id }: { id: number }) {
  const { common } = useText();
  const { data, error } = useThread(id);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  if (error)
    return (
      <p role="alert" className={classes.error}>
        {sentenceOf(error, common)}
      </p>
    );
  if (!data) return <Loader size="sm" m={12} aria-label={common("app.loading")} />;
  const newest = (data.mails.findLast((mail) => mail.kind === "person") ?? data.mails.at(-1))?.id;
  const toggle = (mailId: number) =>
    setToggled((before) => {
      const after = new Set(before);
      if (!after.delete(mailId)) after.add(mailId);
      return after;
    });
  return (
    <div className={classes.read}>
      {data.mails.map((mail) => (
        <MailCard
          key={mail.id}
          mail={mail}
          original={data.mails.find((each) => each.id === mail.corrects) ?? null}
          open={(mail.id === newest) !== toggled.has(mail.id)}
          onToggle={toggle}
        />
      ))}
    </div>
  );
}
