/** The calls of the library of predefined answers, and its shapes. A change names the version that it was made of. */
import type { Client } from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Theme = Schemas["Theme"];
export type ThemeContent = Schemas["ThemeContent"];
export type AnswerText = Schemas["AnswerText"];
export type AnswerContent = Schemas["AnswerContent"];
export type LibraryAnswer = Schemas["LibraryAnswer"];
export type AnswerLine = Schemas["AnswerLine"];
export type AnswerFigures = Schemas["AnswerFigures"];
export type LibraryPlan = Schemas["LibraryPlan"];
export type AnswerQuery = { q?: string; theme?: string; language?: string; everything?: boolean };

export class AnswersApi {
  constructor(private readonly client: Client<paths>) {}

  themes = async () => (await this.client.GET("/api/v1/answers/themes")).data?.items ?? [];
  addTheme = async (body: ThemeContent) =>
    (await this.client.POST("/api/v1/answers/themes", { body })).data as Theme;
  saveTheme = async (id: string, version: number, body: ThemeContent) =>
    void (await this.client.PUT("/api/v1/answers/themes/{theme_id}", {
      params: { path: { theme_id: id }, header: ofVersion(version) },
      body,
    }));
  deleteTheme = async (id: string) =>
    void (await this.client.DELETE("/api/v1/answers/themes/{theme_id}", {
      params: { path: { theme_id: id } },
    }));

  exportPath = "/api/v1/library";
  planFile = async (document: string) =>
    (await this.client.POST("/api/v1/library/plan", { body: { document } })).data as LibraryPlan;
  applyFile = async (document: string) =>
    (await this.client.POST("/api/v1/library/apply", { body: { document } })).data as LibraryPlan;

  list = async (query: AnswerQuery, signal?: AbortSignal) =>
    (await this.client.GET("/api/v1/answers", { params: { query: { ...query, limit: 200 } }, signal })).data
      ?.items ?? [];
  get = async (id: string) =>
    (await this.client.GET("/api/v1/answers/{answer_id}", { params: { path: { answer_id: id } } }))
      .data as LibraryAnswer;
  add = async (body: AnswerContent) =>
    (await this.client.POST("/api/v1/answers", { body })).data as LibraryAnswer;
  save = async (id: string, version: number, body: AnswerContent) =>
    (await this.client.PUT("/api/v1/answers/{answer_id}", { ...at(id, version), body }))
      .data as LibraryAnswer;
  delete = async (id: string, version: number) =>
    void (await this.client.DELETE("/api/v1/answers/{answer_id}", at(id, version)));

  attach = async (id: string, version: number, file: File) =>
    (
      await this.client.POST("/api/v1/answers/{answer_id}/attachments", {
        ...at(id, version),
        body: { file: "" },
        bodySerializer: () => {
          const form = new FormData();
          form.append("file", file);
          return form;
        },
      })
    ).data as LibraryAnswer;
  detach = async (id: string, version: number, fileId: string) =>
    (
      await this.client.DELETE("/api/v1/answers/{answer_id}/attachments/{file_id}", {
        params: { path: { answer_id: id, file_id: fileId }, header: ofVersion(version) },
      })
    ).data as LibraryAnswer;
}

function ofVersion(version: number) {
  return { "if-match": `"${version}"` };
}

function at(answer_id: string, version: number) {
  return { params: { path: { answer_id }, header: ofVersion(version) } };
}
