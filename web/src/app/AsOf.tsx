import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../lib/locale";
import { useServices } from "../ui/services";

/** The instant that the figures on the screen are of. */
export function AsOf() {
  const { t, i18n } = useTranslation();
  const { clock, live } = useServices();
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const format = new Intl.DateTimeFormat(localeOf(i18n.language), { timeStyle: "medium" });
    return clock.onTick(() => {
      const { asOf, status } = live.store.getState();
      const text = t("app.as_of", { time: format.format(status === "live" ? clock.now() : asOf) });
      if (element.current && element.current.textContent !== text) element.current.textContent = text;
    });
  }, [clock, live, t, i18n.language]);
  return <span ref={element} />;
}
