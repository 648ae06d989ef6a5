import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ContactRow } from "../../client/shapes";
import { IconMail } from "../../ui/icons";
import { notice } from "../../ui/notice";
import { sentenceOf } from "../../ui/problem-words";
import { useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import { Messages } from "./Messages";
import classes from "./transcript.module.css";
import { useConversationWords } from "./words";

const again = 4_000;

/** What was written in a chat; one that is over can be answered by email. */
export function Transcript({ contact }: { contact: ContactRow }) {
  const { t } = useTranslation("conversation");
  const { t: common } = useTranslation();
  const ready = useConversationWords();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const { contact_id: id, remote, remote_name } = contact;
  const over = contact.outcome !== "live";
  const { data, error } = useQuery({
    queryKey: ["transcript", id],
    queryFn: () => api.conversation.messages(id),
    refetchInterval: over ? false : again,
  });
  if (error)
    return (
      <p role="alert" className={classes.error}>
        {sentenceOf(error, common)}
      </p>
    );
  if (!data || !ready) return <Loader size="sm" m={12} aria-label={common("app.loading")} />;
  return (
    <div className={classes.transcript}>
      {data.items.length === 0 ? (
        <p className={classes.faint}>{t("nothing_written")}</p>
      ) : (
        <Messages
          contact={{ contact_id: id, remote, remote_name, phase: "ended", language: "" }}
          messages={data.items}
          mine={[]}
          read={0}
          typing={null}
          onAgain={() => undefined}
        />
      )}
      {!over ? null : remote.includes("@") ? (
        <Button
          className={classes.answer}
          variant="default"
          loading={busy}
          leftSection={<IconMail size={15} aria-hidden />}
          onClick={async () => {
            if (await run(() => api.conversation.answerByEmail(id))) void notice("teal", t("now_a_mail"));
          }}
        >
          {t("answer_by_email")}
        </Button>
      ) : (
        <p className={classes.faint}>{t("no_address")}</p>
      )}
    </div>
  );
}
