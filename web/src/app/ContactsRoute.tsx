import { useNavigate, useSearch } from "@tanstack/react-router";
import { ContactsPage } from "../features/contacts/ContactsPage";
import { useServices } from "../ui/services";
import { useCommand } from "../ui/useCommand";

export default function ContactsRoute() {
  const { contact = null, q = "" } = useSearch({ from: "/contacts" });
  const navigate = useNavigate();
  const { api } = useServices();
  const { run } = useCommand();
  return (
    <ContactsPage
      open={contact}
      asked={q}
      onOpen={(id) =>
        void navigate({
          to: "/contacts",
          search: { ...(q ? { q } : {}), ...(id === null ? {} : { contact: id }) },
        })
      }
      onCall={async (number) => {
        if (await run(() => api.call(number))) await navigate({ to: "/" });
      }}
    />
  );
}
