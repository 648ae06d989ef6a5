import "@mantine/core/styles/ScrollArea.css";
import "@mantine/spotlight/styles.css";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desktop } from "../client/shapes";
import { type Action, actions } from "../lib/shortcuts";
import { dialString, folded, looksLikeNumber, readableNumber } from "../lib/text";
import { languages } from "../ui/i18n";
import {
  IconArrowForwardUp,
  IconChartBar,
  IconCoffee,
  IconHistory,
  IconKeyboard,
  IconLanguage,
  IconLayoutDashboard,
  IconMail,
  IconMessageCircle,
  IconMessages,
  IconPhone,
  IconSearch,
  IconSunMoon,
  IconUsers,
} from "../ui/icons";
import { KeyHint } from "../ui/KeyHint";
import { StatePill } from "../ui/StatePill";
import { useContactAtHand, useLive, useMyAgent, usePreference, useServices } from "../ui/services";
import { useCommand } from "../ui/useCommand";
import { pagesOf } from "./pages";

type Entry = {
  id: string;
  group: string;
  label: string;
  also?: string;
  icon: React.ReactNode;
  aside?: React.ReactNode;
  below?: string;
  run: () => unknown;
};

/** Everything by typing: call, transfer, change state, find a colleague, any command. */
export default function Palette({ opened, desktop }: { opened: number; desktop: Desktop }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish to open counts up
  useEffect(() => {
    setQuery("");
    spotlight.open();
  }, [opened]);
  const entries = useEntries(desktop, query);
  const words = folded(query).split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => {
    const where = folded(`${entry.label} ${entry.also ?? ""} ${entry.group}`);
    return entry.id.startsWith("typed:") || words.every((word) => where.includes(word));
  });
  const groups = Map.groupBy(found, (entry) => entry.group);
  return (
    <Spotlight.Root
      attributes={{ content: { "aria-label": t("app.search") } }}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={420}
      centered={false}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
    >
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("app.search")}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {[...groups].map(([group, list]) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {list.map((entry) => (
              <Spotlight.Action
                key={entry.id}
                label={entry.label}
                description={entry.below}
                leftSection={entry.icon}
                rightSection={entry.aside}
                onClick={entry.run}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 ? <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useEntries(desktop: Desktop, query: string): Entry[] {
  const typed = useTypedNumber(query);
  return [...typed, ...useCommands(desktop), ...usePeople(), ...useFoundContacts(query)];
}

function useTypedNumber(query: string): Entry[] {
  const { t } = useTranslation();
  const { api } = useServices();
  const { run } = useCommand();
  const navigate = useNavigate();
  const contact = useContactAtHand();
  if (!looksLikeNumber(query)) return [];
  const number = dialString(query);
  const group = t("palette.commands");
  const shown = readableNumber(number);
  if (contact?.can.includes("transfer"))
    return [
      {
        id: "typed:transfer",
        group,
        label: t("palette.transfer_to", { name: shown }),
        icon: <IconArrowForwardUp size={18} aria-hidden />,
        run: () => void run(() => api.transfer(contact.contact_id, `number:${number}`)),
      },
    ];
  return [
    {
      id: "typed:call",
      group,
      label: t("palette.call", { number: shown }),
      icon: <IconPhone size={18} aria-hidden />,
      run: async () => {
        if (await run(() => api.call(number))) await navigate({ to: "/" });
      },
    },
  ];
}

const channelIcons: Record<string, typeof IconPhone> = { email: IconMail, chat: IconMessages };

/** Contacts in which it was said, as it is being typed. */
function useFoundContacts(query: string): Entry[] {
  const { t } = useTranslation();
  const { api } = useServices();
  const navigate = useNavigate();
  const [q] = useDebouncedValue(query.trim(), 150);
  const { data } = useQuery({
    queryKey: ["contacts", "palette", q],
    queryFn: ({ signal }) => api.search({ q, limit: 6 }, signal),
    enabled: q.length > 1,
    staleTime: 10_000,
    retry: false,
  });
  const group = t("search.contacts");
  if (q.length < 2 || query.trim().length < 2) return [];
  const found = (data?.items ?? []).map((each): Entry => {
    const Mark = channelIcons[each.channel] ?? IconPhone;
    const said = each.snippets.find(({ source }) => source !== "subject");
    const name = each.remote_name || readableNumber(each.remote);
    return {
      id: `typed:contact:${each.contact_id}`,
      group,
      label: [name, each.subject].filter(Boolean).join(" · ") || t("contacts.id", { id: each.contact_id }),
      ...(said ? { below: said.parts.map(({ text }) => text).join("") } : {}),
      icon: <Mark size={18} aria-hidden />,
      run: () => void navigate({ to: "/contacts", search: { q, contact: each.contact_id } }),
    };
  });
  return [
    ...found,
    {
      id: "typed:search",
      group,
      label: t("search.all", { q }),
      icon: <IconSearch size={18} aria-hidden />,
      run: () => void navigate({ to: "/contacts", search: { q } }),
    },
  ];
}

function useCommands(desktop: Desktop): Entry[] {
  const { t } = useTranslation();
  const { api, shortcuts, preferences } = useServices();
  const { run } = useCommand();
  const navigate = useNavigate();
  const language = usePreference((state) => state.language);
  const group = t("palette.commands");
  const possible = actions.filter((action: Action) => action !== "palette" && shortcuts.has(action));
  const other = languages.find(({ code }) => code !== language);
  return [
    ...possible.map((action) => ({
      id: `action:${action}`,
      group,
      label: t(`action.${action}`),
      icon: <IconKeyboard size={18} aria-hidden />,
      aside: <KeyHint action={action} />,
      // After the palette has closed, so that what the action focuses keeps the focus.
      run: () => void setTimeout(() => shortcuts.run(action), 60),
    })),
    ...desktop.withdrawal_reasons.map((reason) => ({
      id: `withdraw:${reason.id}`,
      group,
      label: t("palette.withdraw", { reason: reason.name }),
      icon: <IconCoffee size={18} aria-hidden />,
      run: () => void run(() => api.withdraw(reason.id)),
    })),
    {
      id: "go:desktop",
      group,
      label: t("palette.go_to", { page: t("app.desktop") }),
      icon: <IconLayoutDashboard size={18} aria-hidden />,
      run: () => void navigate({ to: "/" }),
    },
    {
      id: "go:contacts",
      group,
      label: t("palette.go_to", { page: t("app.contacts") }),
      icon: <IconHistory size={18} aria-hidden />,
      run: () => void navigate({ to: "/contacts", search: {} }),
    },
    ...(desktop.mail
      ? [
          {
            id: "go:mail",
            group,
            label: t("palette.go_to", { page: t("app.mail") }),
            icon: <IconMail size={18} aria-hidden />,
            run: () => void navigate({ to: "/mail", search: {} }),
          },
        ]
      : []),
    ...(pagesOf(desktop).includes("/figures")
      ? [
          {
            id: "go:figures",
            group,
            label: t("palette.go_to", { page: t("app.figures") }),
            icon: <IconChartBar size={18} aria-hidden />,
            run: () => void navigate({ to: "/figures", search: {} }),
          },
        ]
      : []),
    {
      id: "theme",
      group,
      label: t("palette.theme"),
      icon: <IconSunMoon size={18} aria-hidden />,
      run: () => {
        const dark = document.documentElement.dataset.mantineColorScheme === "dark";
        preferences.change({ theme: dark ? "light" : "dark" });
      },
    },
    ...(other
      ? [
          {
            id: "language",
            group,
            label: t("app.language", { name: other.name }),
            icon: <IconLanguage size={18} aria-hidden />,
            run: () => preferences.change({ language: other.code }),
          },
        ]
      : []),
  ];
}

function usePeople(): Entry[] {
  const { t } = useTranslation();
  const { api, requests } = useServices();
  const { run } = useCommand();
  const navigate = useNavigate();
  const contact = useContactAtHand();
  const me = useMyAgent()?.id;
  const { colleagues, queues } = useLive(({ rows }) => ({
    colleagues: rows.colleagues,
    queues: rows.queues,
  }));
  const canTransfer = contact?.can.includes("transfer") ?? false;
  const transfer = (to: string) => void (contact && run(() => api.transfer(contact.contact_id, to)));
  const others = Object.values(colleagues).filter((each) => each.id !== me);
  return [
    ...others.flatMap((each) => [
      ...(canTransfer && each.state === "ready"
        ? [
            {
              id: `transfer:${each.id}`,
              group: t("palette.colleagues"),
              label: t("palette.transfer_to", { name: each.name }),
              also: each.extension,
              icon: <IconArrowForwardUp size={18} aria-hidden />,
              aside: <StatePill state={each.state} reason={each.reason_name} />,
              run: () => transfer(`agent:${each.id}`),
            },
          ]
        : []),
      {
        id: `chat:${each.id}`,
        group: t("palette.colleagues"),
        label: t("chat.write", { name: each.name }),
        also: each.extension,
        icon: <IconMessageCircle size={18} aria-hidden />,
        aside: <StatePill state={each.state} reason={each.reason_name} />,
        run: () => {
          void navigate({ to: "/" });
          requests.ask("open_chat", { agentId: each.id });
        },
      },
    ]),
    ...(canTransfer
      ? Object.values(queues).map((queue) => ({
          id: `queue:${queue.id}`,
          group: t("palette.queues"),
          label: t("palette.transfer_to", { name: queue.name }),
          icon: <IconUsers size={18} aria-hidden />,
          run: () => transfer(`queue:${queue.id}`),
        }))
      : []),
  ];
}
