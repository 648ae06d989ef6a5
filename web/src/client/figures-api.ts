/** The calls of the figures, and their shapes. Instants without a zone are the customer's local time. */
import type { Client } from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type FigureRow = Schemas["FigureRow"];
export type FigurePart = Schemas["FigurePart"];
export type FigureList = Schemas["FigureList"];
export type Choice = Schemas["Choice"];
export type Choices = Schemas["Choices"];
export type Occurrence = Schemas["Occurrence"];
export type OccurrencePage = Schemas["OccurrencePage"];
export type Now = Schemas["Now"];
export type By = Schemas["By"];
export type Moment = Schemas["Moment"];
export type AskedOf = {
  channel?: Schemas["ChannelName"];
  space?: string;
  queue?: string;
  skill?: string;
  group?: string;
  agent?: string;
  entry_point?: string;
  reason?: string;
  days?: number;
};
export type Asked = AskedOf & { from?: string; to?: string; received_from?: string; received_to?: string };

export class FiguresApi {
  constructor(private readonly client: Client<paths>) {}

  list = async (query: Asked & { by?: By; at?: Moment }, signal?: AbortSignal) =>
    (await this.client.GET("/api/v1/figures", { params: { query }, signal })).data as FigureList;
  now = async (query: AskedOf, signal?: AbortSignal) =>
    (await this.client.GET("/api/v1/figures/now", { params: { query }, signal })).data as Now;
  choices = async () => (await this.client.GET("/api/v1/figures/choices")).data as Choices;
  occurrences = async (
    id: string,
    query: Asked & { cursor?: number; limit?: number },
    signal?: AbortSignal,
  ) =>
    (
      await this.client.GET("/api/v1/figures/{figure_id}/occurrences", {
        params: { path: { figure_id: id }, query },
        signal,
      })
    ).data as OccurrencePage;
}
