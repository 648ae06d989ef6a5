/** Themes as a tree, in their order. */
import type { Theme } from "../../client/answers-api";

export type ThemeNode = { theme: Theme; depth: number; answers: number };

export function nameOf(theme: Theme, language: string): string {
  return theme.names[language] ?? theme.names.en ?? Object.values(theme.names)[0] ?? theme.id;
}

/** Parents before their children; `answers` counts those of the themes below too. */
export function treeOf(themes: Theme[]): ThemeNode[] {
  const below = (parent: string, depth: number): ThemeNode[] =>
    themes
      .filter((theme) => theme.parent_id === parent)
      .flatMap((theme) => {
        const nodes = below(theme.id, depth + 1);
        const answers = nodes
          .filter((node) => node.depth === depth + 1)
          .reduce((sum, node) => sum + node.answers, theme.answers);
        return [{ theme, depth, answers }, ...nodes];
      });
  return below("", 0);
}

/** Where a theme may be: not below itself. */
export function placesFor(themes: Theme[], themeId: string | null): ThemeNode[] {
  const nodes = treeOf(themes);
  const start = nodes.findIndex((node) => node.theme.id === themeId);
  if (start < 0) return nodes;
  const depth = nodes[start]?.depth ?? 0;
  const after = nodes.findIndex((node, index) => index > start && node.depth <= depth);
  return [...nodes.slice(0, start), ...(after < 0 ? [] : nodes.slice(after))];
}
