import { Component } from "preact";
import type { FormField } from "../protocol";
import type { Words } from "../strings";

type Props = {
  words: Words;
  fields: readonly FormField[];
  consent?: string;
  submit: string;
  busy?: boolean;
  onSubmit: (values: Record<string, string>) => void;
};

/** A form before the chat or in it. What is missing is said beside its field, and the first one gets the focus. */
type Wrong = Record<string, string>;
export class Form extends Component<Props, { wrong?: Wrong }> {
  override render(
    { words, fields, consent, submit, busy, onSubmit }: Props,
    { wrong = {} }: { wrong?: Wrong },
  ) {
    const setWrong = (wrong: Wrong) => this.setState({ wrong });
    const all = consent
      ? [...fields, { name: "consent", label: consent, type: "checkbox", required: true } as FormField]
      : fields;

    const onForm = (event: Event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const values: Record<string, string> = {};
      const problems: Record<string, string> = {};
      for (const { name, type, required } of all) {
        const input = form.elements.namedItem(name) as HTMLInputElement;
        const value = type === "checkbox" ? (input.checked ? "yes" : "") : input.value.trim();
        if (required && !value) problems[name] = words.required;
        else if (type === "email" && value && !/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(value))
          problems[name] = words.bad_email;
        if (value) values[name] = value;
      }
      setWrong(problems);
      const first = all.find((field) => problems[field.name]);
      if (first) (form.elements.namedItem(first.name) as HTMLElement).focus();
      else onSubmit(values);
    };

    return (
      <form noValidate onSubmit={onForm}>
        {all.map((field) => (
          <Field key={field.name} field={field} words={words} wrong={wrong[field.name]} />
        ))}
        <button type="submit" class="main" disabled={busy}>
          {submit}
        </button>
      </form>
    );
  }
}

function Field({ field, words, wrong }: { field: FormField; words: Words; wrong: string | undefined }) {
  const { name, label, type, required, options } = field;
  const problem = `${name}-wrong`;
  const common = {
    name,
    "aria-invalid": Boolean(wrong),
    "aria-required": required ?? false,
    ...(wrong ? { "aria-describedby": problem } : {}),
  };
  const complaint = wrong ? (
    <p class="wrong" id={problem}>
      {wrong}
    </p>
  ) : null;
  if (type === "checkbox")
    return (
      <div>
        <label class="tick">
          <input type="checkbox" {...common} />
          <span>{label}</span>
        </label>
        {complaint}
      </div>
    );
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is one of the three below
    <label>
      <span>
        {label} {required ? null : <i>({words.optional})</i>}
      </span>
      {type === "textarea" ? (
        <textarea rows={3} maxLength={4000} {...common} />
      ) : type === "select" ? (
        <select {...common}>
          <option value="" />
          {options?.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          type={type}
          maxLength={200}
          autocomplete={
            type === "email" ? "email" : type === "tel" ? "tel" : name === "name" ? "name" : "off"
          }
          {...common}
        />
      )}
      {complaint}
    </label>
  );
}
