import { Button, Loader, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { IconCheck, IconTextSpellcheck } from "../../ui/icons";
import { sentenceOf } from "../../ui/problem-words";
import { useDesktop, useServices } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./compose.module.css";
import { useText } from "./text";

type Props = { language: string; text: () => string; onCorrect: (word: string, by: string) => void };

/** What neither the dictionary nor the company knows: names, products and the library's words are right by themselves. */
export function SpellCheck(props: Props) {
  const { t, common } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={classes.tool} onClick={() => setOpen(true)}>
        <IconTextSpellcheck size={15} aria-hidden />
        <span>{t("spelling.check")}</span>
      </button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t("spelling.title")}
        closeButtonProps={{ "aria-label": common("app.close") }}
      >
        <Words {...props} />
      </Modal>
    </>
  );
}

function Words({ language, text, onCorrect }: Props) {
  const { t, common, languageName } = useText();
  const { api } = useServices();
  const { busy, run } = useCommand();
  const may = useDesktop()?.person.permissions.includes("answers.write") ?? false;
  const short = language.slice(0, 2);
  const [written] = useState(text);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const found = useQuery({
    queryKey: ["spelling", language, written],
    queryFn: () => api.spelling.check(language, written),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const settle = (word: string) => setDone((before) => new Set([...before, word]));
  if (found.isPending) return <Loader size="sm" aria-label={common("app.loading")} />;
  if (found.error) return <p role="alert">{sentenceOf(found.error, common)}</p>;
  const left = found.data.filter((each) => !done.has(each.word));
  if (left.length === 0)
    return (
      <p className={classes.spellDone} role="status">
        <IconCheck size={16} aria-hidden /> {t("spelling.none", { language: languageName(short) })}
      </p>
    );
  return (
    <ul className={classes.spell} lang={language}>
      {left.map(({ word, suggestions }) => (
        <li key={word}>
          <b>{word}</b>
          <span className={classes.spellActs}>
            {suggestions.map((each) => (
              <Button
                key={each}
                size="compact-sm"
                variant="default"
                onClick={() => {
                  onCorrect(word, each);
                  settle(word);
                }}
              >
                {each}
              </Button>
            ))}
            <Button size="compact-sm" variant="subtle" onClick={() => settle(word)}>
              {t("spelling.leave")}
            </Button>
            {may ? (
              <Button
                size="compact-sm"
                variant="subtle"
                loading={busy}
                onClick={() => void run(() => api.spelling.add(short, word)).then((ok) => ok && settle(word))}
              >
                {t("spelling.add")}
              </Button>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
