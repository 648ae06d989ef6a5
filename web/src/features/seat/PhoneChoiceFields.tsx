import { TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { PhoneChoice, PhoneKind } from "../../client/shapes";
import { type Icon, IconDeviceLandlinePhone, IconDeviceMobile, IconHeadset } from "../../ui/icons";
import { MicrophoneCheck } from "./MicrophoneCheck";
import classes from "./seat.module.css";

const icons: Record<PhoneKind, Icon> = {
  browser: IconHeadset,
  sip: IconDeviceLandlinePhone,
  number: IconDeviceMobile,
};

type Props = {
  offered: PhoneKind[];
  value: PhoneChoice;
  onChange: (value: PhoneChoice) => void;
  error?: string | null;
};

/** Browser, SIP phone or number, with what each needs. */
export function PhoneChoiceFields({ offered, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={classes.fields}>
      <legend className="visually-hidden">{t("seat.title")}</legend>
      {offered.map((kind) => {
        const Mark = icons[kind];
        const chosen = value.kind === kind;
        return (
          <div key={kind} className={classes.choice} data-chosen={chosen || undefined}>
            <label className={classes.choiceHead}>
              <input
                type="radio"
                name={name}
                value={kind}
                checked={chosen}
                onChange={() => onChange({ kind, address: kind === "number" ? value.address : "" })}
              />
              <Mark size={20} aria-hidden />
              <span className={classes.choiceWords}>
                <span>{t(`seat.${kind}`)}</span>
                <small>{t(`seat.${kind}_hint`)}</small>
              </span>
            </label>
            {chosen && kind === "browser" ? <MicrophoneCheck /> : null}
            {chosen && kind === "number" ? (
              <TextInput
                className={classes.number}
                label={t("seat.number_label")}
                placeholder="+33 6 12 34 56 78"
                type="tel"
                autoComplete="tel"
                value={value.address}
                error={error}
                onChange={(event) => onChange({ kind, address: event.currentTarget.value })}
              />
            ) : null}
          </div>
        );
      })}
    </fieldset>
  );
}
