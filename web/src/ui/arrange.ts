/** Moving and resizing widgets by steps, as the keyboard does. Pure; the mouse is react-grid-layout's business. */
import { type Layout, type LayoutItem, moveElement, verticalCompactor } from "react-grid-layout";

export type Step = { dx: number; dy: number };

function settled(layout: Layout, cols: number): Layout {
  return verticalCompactor.compact(layout, cols);
}

function copy(layout: Layout): LayoutItem[] {
  return layout.map((item) => ({ ...item }));
}

/**
 * The layout with `id` moved one step on. Widgets float up, so a small step down may fall back to where it was:
 * the step then grows until the widget really changes its place, at most past its neighbours.
 */
export function moved(layout: Layout, id: string, { dx, dy }: Step, cols: number): Layout {
  const from = layout.find((item) => item.i === id);
  if (!from) return layout;
  for (let step = 1; step <= 40; step += 1) {
    const x = Math.max(0, Math.min(cols - from.w, from.x + dx));
    const y = from.y + dy * step;
    if (y < 0 || (dx !== 0 && x === from.x)) return layout;
    const items = copy(layout);
    const item = items.find((each) => each.i === id);
    if (!item) return layout;
    const next = settled(moveElement(items, item, x, y, true, false, "vertical", cols), cols);
    const to = next.find((each) => each.i === id);
    if (to && (dy < 0 ? to.y < from.y : dy > 0 ? to.y > from.y : to.x !== from.x)) return next;
  }
  return layout;
}

export function resized(layout: Layout, id: string, { dx, dy }: Step, cols: number): Layout {
  const items = copy(layout);
  const item = items.find((each) => each.i === id);
  if (!item) return layout;
  item.w = Math.max(item.minW ?? 1, Math.min(cols - item.x, item.w + dx));
  item.h = Math.max(item.minH ?? 1, item.h + dy);
  return settled(items, cols);
}
