import { useNavigate, useRouteContext, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ContactsPage } from "../features/contacts/ContactsPage";
import { useServices } from "../ui/services";
import { useCommand } from "../ui/useCommand";

const Transcript = lazy(async () => ({
  default: (await import("../features/conversation/Transcript")).Transcript,
}));

export default function ContactsRoute() {
  const { contact = null, q = "" } = useSearch({ from: "/contacts" });
  const navigate = useNavigate();
  const { api } = useServices();
  const { run } = useCommand();
  const { desktop } = useRouteContext({ from: "__root__" });
  const hasPhone = desktop.seat != null && !["email", "chat", "digital"].includes(desktop.seat);
  const call = async (number: string) => {
    if (await run(() => api.call(number))) await navigate({ to: "/" });
  };
  return (
    <ContactsPage
      open={contact}
      asked={q}
      said={(one) =>
        one.channel === "chat" ? (
          <Suspense fallback={null}>
            <Transcript contact={one} />
          </Suspense>
        ) : null
      }
      onMail={(id) => void navigate({ to: "/mail", search: { contact: id } })}
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
