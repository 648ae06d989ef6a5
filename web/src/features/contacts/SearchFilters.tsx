import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLive } from "../../ui/services";
import classes from "./search.module.css";

export type Filters = { channel: string; agent: string; from: string; to: string };
export const noFilters: Filters = { channel: "", agent: "", from: "", to: "" };

export const anyFilter = (filters: Filters): boolean => Object.values(filters).some(Boolean);

/** The first instant of a day as the person's clock has it; of the day after it for the end of a range. */
export function instantOf(day: string, daysLater = 0): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (!day || Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + daysLater);
  return at.toISOString();
}

export function SearchFilters({ value, onChange }: { value: Filters; onChange: (value: Filters) => void }) {
  const { t } = useTranslation();
  const colleagues = useLive(({ rows }) => rows.colleagues);
  const agents = Object.values(colleagues)
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const set = (name: keyof Filters) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...value, [name]: event.currentTarget.value });
  return (
    <div className={classes.filters}>
      <NativeSelect
        aria-label={t("search.by_channel")}
        value={value.channel}
        onChange={set("channel")}
        data={[
          { value: "", label: t("search.any_channel") },
          { value: "voice", label: t("search.channel.voice") },
          { value: "email", label: t("search.channel.email") },
          { value: "chat", label: t("search.channel.chat") },
        ]}
      />
      <NativeSelect
        aria-label={t("search.by_agent")}
        value={value.agent}
        onChange={set("agent")}
        data={[{ value: "", label: t("search.any_agent") }, ...agents]}
      />
      <TextInput
        type="date"
        aria-label={t("search.from")}
        value={value.from}
        max={value.to || undefined}
        onChange={set("from")}
      />
      <TextInput
        type="date"
        aria-label={t("search.to")}
        value={value.to}
        min={value.from || undefined}
        onChange={set("to")}
      />
    </div>
  );
}
