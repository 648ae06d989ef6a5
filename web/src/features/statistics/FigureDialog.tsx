import { Loader, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clockFace } from "../../lib/duration";
import { localeOf } from "../../lib/locale";
import { readableNumber } from "../../lib/text";
import type { LiveFigure } from "../../realtime/rows";
import { figureText, figureWords } from "../../ui/figure-words";
import { sentenceOf } from "../../ui/problem-words";
import { useMyAgent, useServices } from "../../ui/services";
import classes from "./StatisticsWidget.module.css";

/** A figure opened: its one definition, and the contacts that it counts. */
export function FigureDialog({ figure, onClose }: { figure: LiveFigure; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { api, requests } = useServices();
  const agent = useMyAgent();
  const { name, definition } = figureWords(i18n, figure);
  const { data, error, isPending } = useQuery({
    queryKey: ["figure", figure.id, figure.value, agent?.id],
    queryFn: () => api.figureContacts(figure.id, agent?.id ?? ""),
    enabled: Boolean(agent),
    placeholderData: (before) => before,
  });
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), { hour: "2-digit", minute: "2-digit" });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={name}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <p className={classes.big}>{figureText(figure.value, figure.unit, localeOf(i18n.language))}</p>
      <h3>{t("figures.definition")}</h3>
      <p className={classes.definition}>{definition}</p>
      <h3>{t("figures.behind")}</h3>
      {isPending ? <Loader size="sm" aria-label={t("app.loading")} /> : null}
      {error ? <p role="alert">{sentenceOf(error, t)}</p> : null}
      {data?.items.length === 0 ? <p className={classes.faint}>{t("figures.no_contacts")}</p> : null}
      {data && data.items.length > 0 ? (
        <div className={`${classes.behind} scroll`}>
          <table className={classes.queues}>
            <thead>
              <tr>
                <th scope="col">{t("contacts.when")}</th>
                <th scope="col">{t("contacts.who")}</th>
                <th scope="col">{t("contacts.queue")}</th>
                <th scope="col">{t("contacts.waited")}</th>
                <th scope="col">{t("contacts.talked")}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((row) => (
                <tr key={row.contact_id}>
                  <td>{time.format(new Date(row.arrived_at))}</td>
                  <th scope="row">
                    <button
                      type="button"
                      className={classes.link}
                      onClick={() => {
                        requests.ask("open_contact", { contactId: row.contact_id });
                        onClose();
                      }}
                    >
                      {row.remote_name || readableNumber(row.remote) || row.contact_id}
                    </button>
                  </th>
                  <td>{row.queue?.name ?? "–"}</td>
                  <td>{row.waited_seconds === null ? "–" : clockFace(row.waited_seconds)}</td>
                  <td>{row.talked_seconds === null ? "–" : clockFace(row.talked_seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </Modal>
  );
}
