import { expect, it } from "vitest";
import type { Theme } from "../../client/answers-api";
import { placesFor, treeOf } from "./themes";

const theme = (id: string, parent_id: string, answers: number): Theme => ({
  id,
  parent_id,
  answers,
  names: { en: id },
  position: 0,
  version: 1,
});
const themes = [
  theme("orders", "", 1),
  theme("delivery", "", 0),
  theme("late", "delivery", 2),
  theme("lost", "late", 3),
];

it("counts the answers of the themes below", () => {
  expect(treeOf(themes).map(({ theme, depth, answers }) => [theme.id, depth, answers])).toEqual([
    ["orders", 0, 1],
    ["delivery", 0, 5],
    ["late", 1, 5],
    ["lost", 2, 3],
  ]);
});

it("does not offer a place below itself", () => {
  expect(placesFor(themes, "late").map((node) => node.theme.id)).toEqual(["orders", "delivery"]);
  expect(placesFor(themes, null)).toHaveLength(4);
});
