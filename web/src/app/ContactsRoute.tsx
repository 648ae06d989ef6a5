import { useNavigate, useRouteContext, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ContactsPage } from "../features/contacts/ContactsPage";
import { loadMailWords } from "../ui/i18n";
import { useServices } from "../ui/services";
import { useCommand } from "../ui/useCommand";

const Transcript = lazy(async () => ({
  default: (await import("../features/conversation/Transcript")).Transcript,
}));

const ReadThread = lazy(async () => {
  const [read] = await Promise.all([import("../features/mail/ReadThread"), loadMailWords()]);
  return { default: read.ReadThread };
});

export default function ContactsRoute() {
  const { contact = null, q = "" } = useSearch({ from: "/contacts" });
  const navigate = useNavigate();
  const { api } = useServices();
  const { run } = useCommand();
  const { desktop } = useRouteContext({ from: "__root__" });
  const hasPhone = desktop.seat != null && !["email", "chat", "digital"].includes(desktop.seat);
  const openMail = (id: number) => void navigate({ to: "/mail", search: { contact: id } });
  const call = async (number: string) => {
    if (await run(() => api.call(number))) await navigate({ to: "/" });
  };
  return (
    <ContactsPage
      open={contact}
      asked={q}
      said={(one) => {
        const content =
          one.channel === "chat" ? (
            <Transcript contact={one} />
          ) : one.channel === "email" ? (
            <ReadThread id={one.contact_id} />
          ) : null;
        return content && <Suspense fallback={null}>{content}</Suspense>;
      }}
      onMail={desktop.mail ? openMail : null}
      onOpen={(id) =>
        void navigate({
          to: "/contacts",
          search: { ...(q ? { q } : {}), ...(id === null ? {} : { contact: id }) },
        })
      }
      onCall={hasPhone ? call : null}
    />
  );
}
