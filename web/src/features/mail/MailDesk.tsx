import { Button } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { firstOffered, type MyContact, myMails } from "../../realtime/rows";
import { IconMail, IconPencil } from "../../ui/icons";
import { KeyHint } from "../../ui/KeyHint";
import { useDesktop, useLive, useMailDesk, useServices, useShortcut } from "../../ui/services";
import { useCommand } from "../../ui/useCommand";
import classes from "./desk.module.css";
import { MailList } from "./MailList";
import { MyMails, OfferCard } from "./MyMails";
import { NewDrafts } from "./NewDrafts";
import { NewMail } from "./NewMail";
import { SidePane } from "./SidePane";
import { useClaim } from "./Standing";
import { ThreadPane } from "./ThreadPane";
import { useText } from "./text";
import { UndoBar } from "./UndoBar";
import { useBeginMail, useNewDrafts } from "./useNewMail";
import { useVerdicts } from "./useVerdicts";
import { useWorkList } from "./useWorkList";
import { nextFree } from "./work-list";

const none: never[] = [];

/** How many panes stand beside each other: by the width of the desk itself, widget or page. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return { box, width };
}

/** List, thread and what is around it. `first`: the contact that the address of the page names. */
export function MailDesk({ onOpened }: { onOpened?: (id: number | null) => void }) {
  const desktop = useDesktop();
  const push = desktop?.mail?.mode === "push";
  return push ? <PushDesk onOpened={onOpened} /> : <PullDesk onOpened={onOpened} />;
}

type Opened = { onOpened: ((id: number | null) => void) | undefined };

function PushDesk({ onOpened }: Opened) {
  const { live } = useServices();
  const next = useCallback(() => firstOffered(live.store.getState().rows.me)?.contact_id ?? null, [live]);
  return <Desk onOpened={onOpened} push next={next} />;
}

function PullDesk({ onOpened }: Opened) {
  const query = useMailDesk((state) => state.query);
  const work = useWorkList(query);
  const rows = useRef(work.list.rows);
  useEffect(() => {
    rows.current = work.list.rows;
  });
  const next = useCallback(
    (current: number | null) => nextFree(rows.current, current)?.contact_id ?? null,
    [],
  );
  return <Desk onOpened={onOpened} push={false} next={next} work={work} />;
}

type DeskProps = Opened & {
  push: boolean;
  next: (current: number | null) => number | null;
  work?: ReturnType<typeof useWorkList>;
};

function Desk({ onOpened, push, next, work }: DeskProps) {
  const { t } = useText();
  const { api, live, mailDesk } = useServices();
  const { run } = useCommand();
  const open = useMailDesk((state) => state.open);
  const mails = myMails(useLive(({ rows }) => rows.me));
  const { box, width } = useWidth();
  const claim = useClaim();
  const [side, setSide] = useState(false);
  const [writing, setWriting] = useState<string | null>(null);
  const outgoing = useDesktop()?.outgoing_mail ?? none;
  const begin = useBeginMail(outgoing);
  const { drafts, again } = useNewDrafts(outgoing.length > 0);
  const narrow = width < 720;
  const wide = width >= 1180;
  const asked = useRef<number | null>(null);

  const show = useCallback(
    (id: number | null) => {
      setWriting(null);
      mailDesk.setState({ open: id });
      onOpened?.(id);
      if (id === null)
        setTimeout(() => box.current?.querySelector<HTMLElement>("[data-mail-list]")?.focus(), 30);
    },
    [mailDesk, onOpened, box],
  );
  const claimAndShow = useCallback(
    async (id: number) => {
      if (await claim(id)) show(id);
    },
    [claim, show],
  );
  const goOn = useCallback(() => {
    const current = mailDesk.getState().open;
    const following = next(current);
    if (following === null) return show(null);
    // An offered mail can be read once it is accepted: the desk stays empty when the offer has just passed.
    if (push) return void run(() => api.accept(following)).then((had) => show(had ? following : null));
    show(following);
    void claim(following);
  }, [api, run, mailDesk, push, next, show, claim]);

  useEffect(() => {
    live.look(open ?? 0);
    return () => live.look(0);
  }, [live, open]);
  useEffect(() => live.follow("viewers"), [live]);
  useVerdicts();
  const isPage = onOpened !== undefined;
  const shownList = work !== undefined && work.asOf !== null;
  useEffect(() => {
    if (isPage && shownList)
      box.current?.querySelector<HTMLElement>("[data-mail-list]")?.focus({ preventScroll: true });
  }, [box, isPage, shownList]);
  // A mail that was given to me opens by itself when nothing else is open.
  const inHand =
    mails.find((each) => each.phase === "talking" || each.phase === "dialling")?.contact_id ?? null;
  useEffect(() => {
    if (push && inHand !== null && inHand !== asked.current && mailDesk.getState().open === null)
      show(inHand);
    asked.current = inHand;
  }, [push, inHand, mailDesk, show]);
  useShortcut("mail_new", () => setWriting(begin()), outgoing.length > 0);

  const listShown = !narrow || (open === null && writing === null);
  const sideShown = open !== null && writing === null && wide !== side;
  return (
    <div className={classes.frame}>
      <div className={classes.desk} ref={box} data-narrow={narrow || undefined}>
        {listShown ? (
          <div className={classes.left}>
            {outgoing.length > 0 ? (
              <div className={classes.new}>
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconPencil size={14} aria-hidden />}
                  rightSection={<KeyHint action="mail_new" />}
                  onClick={() => setWriting(begin())}
                >
                  {t("act.new")}
                </Button>
              </div>
            ) : null}
            {outgoing.length > 0 ? (
              <NewDrafts
                drafts={drafts.data?.items}
                failed={drafts.isError}
                open={writing}
                onOpen={setWriting}
              />
            ) : null}
            <Offers mails={mails} onTaken={show} />
            {push || mails.length > 0 ? (
              <MyMails mails={mails} open={open} push={push} onOpen={show} />
            ) : null}
            {work ? <MailList work={work} onOpen={show} onClaim={(id) => void claimAndShow(id)} /> : null}
          </div>
        ) : (
          <Offers mails={mails} onTaken={show} />
        )}
        {writing !== null ? (
          <NewMail
            key={writing}
            id={writing}
            inboxes={outgoing}
            onDone={(id) => {
              setWriting(null);
              again();
              if (id !== null) show(id);
            }}
          />
        ) : open !== null ? (
          <ThreadPane
            key={open}
            id={open}
            narrow={narrow}
            side={sideShown}
            onSide={() => setSide(!side)}
            onBack={() => show(null)}
            onNext={goOn}
          />
        ) : narrow ? null : (
          <div className={classes.nothing}>
            <IconMail size={32} stroke={1.4} aria-hidden />
            <p>
              <b>{t("none_open")}</b>
            </p>
            <p>{t("none_open_hint")}</p>
          </div>
        )}
        {sideShown ? (
          <div className={classes.right} data-over={!wide || undefined}>
            <SidePane id={open} onClose={() => setSide(!side)} onOpen={show} />
          </div>
        ) : null}
      </div>
      <UndoBar onRecalled={show} />
    </div>
  );
}

function Offers({ mails, onTaken }: { mails: MyContact[]; onTaken: (id: number) => void }) {
  return mails
    .filter((each) => each.phase === "reserved")
    .map((each) => <OfferCard key={each.contact_id} contact={each} onTaken={onTaken} />);
}
