import { expect, test } from "vitest";
import { anyFilter, instantOf, noFilters } from "./SearchFilters";

test("a day begins at the person's own midnight, a range ends with its last day", () => {
  const begin = instantOf("2026-11-24") ?? "";
  const end = instantOf("2026-11-24", 1) ?? "";
  expect(new Date(begin).getHours()).toBe(0);
  expect(new Date(end).getDate()).toBe(25);
  expect(instantOf("")).toBeUndefined();
  expect(instantOf("not a day")).toBeUndefined();
});

test("nothing chosen narrows nothing", () => {
  expect(anyFilter(noFilters)).toBe(false);
  expect(anyFilter({ ...noFilters, channel: "chat" })).toBe(true);
});
