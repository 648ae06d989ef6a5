import { Checkbox, Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnswerContent, Theme } from "../../client/answers-api";
import { useDesktop } from "../../ui/services";
import classes from "./answers.module.css";
import { nameOf, treeOf } from "./themes";

type Props = {
  content: AnswerContent;
  themes: Theme[];
  onChange: (part: Partial<AnswerContent>) => void;
};

/** Where it belongs, how it is called, where and when it may be used. */
export function AnswerFields({ content, themes, onChange }: Props) {
  const { t, i18n } = useTranslation("answers");
  const spaces = useDesktop()?.spaces ?? [];
  return (
    <div className={classes.fields}>
      <NativeSelect
        label={t("theme")}
        value={content.theme_id}
        required
        withAsterisk={false}
        data={treeOf(themes).map(({ theme, depth }) => ({
          value: theme.id,
          label: `${"– ".repeat(depth)}${nameOf(theme, i18n.language)}`,
        }))}
        onChange={(event) => onChange({ theme_id: event.currentTarget.value })}
      />
      <TextInput
        label={t("short_name")}
        description={t("short_hint")}
        inputWrapperOrder={["label", "input", "description"]}
        value={content.short_name}
        maxLength={40}
        pattern="[\p{L}\p{N}_.\-]*"
        leftSection="/"
        onChange={(event) => onChange({ short_name: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("space")}
        value={content.space_id}
        data={[
          { value: "", label: t("all_spaces") },
          ...spaces.map((space) => ({ value: space.id, label: space.name })),
        ]}
        onChange={(event) => onChange({ space_id: event.currentTarget.value })}
      />
      <Checkbox.Group
        label={t("channels")}
        value={content.channels}
        onChange={(channels) => (channels.length ? onChange({ channels }) : undefined)}
      >
        <Group gap="md" mt={6}>
          {(["email", "chat", "voice"] as const).map((channel) => (
            <Checkbox key={channel} value={channel} label={t(channel)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TextInput
        type="date"
        label={t("valid_from")}
        value={content.valid_from ?? ""}
        onChange={(event) => onChange({ valid_from: event.currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t("valid_until")}
        value={content.valid_until ?? ""}
        min={content.valid_from ?? undefined}
        onChange={(event) => onChange({ valid_until: event.currentTarget.value || null })}
      />
    </div>
  );
}
