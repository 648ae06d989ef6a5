/** The calls of spelling: a text checked with what the company knows, and the company's own words. */
import type { Client } from "openapi-fetch";
import type { components, paths } from "./schema";

export type UnknownWord = components["schemas"]["UnknownWord"];

export class SpellingApi {
  constructor(private readonly client: Client<paths>) {}

  check = async (language: string, text: string) =>
    (await this.client.POST("/api/v1/spelling/check", { body: { language, text } })).data?.unknown ?? [];
  words = async (language: string) =>
    (await this.client.GET("/api/v1/spelling/words", { params: { query: { language } } })).data?.words ?? [];
  add = async (language: string, word: string) =>
    (await this.client.POST("/api/v1/spelling/words", { body: { language, word } })).data?.words ?? [];
  remove = async (language: string, word: string) =>
    (await this.client.DELETE("/api/v1/spelling/words", { params: { query: { language, word } } })).data
      ?.words ?? [];
}
