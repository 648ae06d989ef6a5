import "react-grid-layout/css/styles.css";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { GridLayout, type Layout, verticalCompactor } from "react-grid-layout";
import { useTranslation } from "react-i18next";
import type { Placement } from "../client/shapes";
import { moved, resized, type Step } from "./arrange";
import classes from "./WidgetGrid.module.css";

export type Widget = { id: string; title: string; element: React.ReactNode; minW?: number; minH?: number };
export type GridKind = "wide" | "medium";

type Props = {
  widgets: Widget[];
  layouts: Record<GridKind, Placement[]>;
  onChange: (kind: GridKind, layout: Placement[]) => void;
  onHide: (id: string) => void;
  onReset: () => void;
};

type Frame = {
  id: string;
  /** The arrows move this widget now. */
  arranging: boolean;
  movable: boolean;
  arrange: (on: boolean) => void;
  nudge: (step: Step, size: boolean) => void;
  hide: () => void;
  reset: () => void;
};
const FrameContext = createContext<Frame | null>(null);
export const useFrame = () => useContext(FrameContext);

const columns: Record<GridKind, number> = { wide: 12, medium: 6 };
const rowHeight = 32;
const gap = 12;

function placements(layout: Layout): Placement[] {
  return layout.map(({ i, x, y, w, h }) => ({ i, x, y, w, h }));
}

function sameLayout(a: Layout, b: Layout): boolean {
  const key = (layout: Layout) => JSON.stringify(placements(layout).sort((p, q) => p.i.localeCompare(q.i)));
  return key(a) === key(b);
}

function useWidth() {
  const [width, setWidth] = useState(0);
  const observer = useRef<ResizeObserver | null>(null);
  const ref = useCallback((node: HTMLElement | null) => {
    observer.current?.disconnect();
    if (!node) return;
    // A hidden page has no width: the last one is kept, so that nothing is built anew when it comes back.
    const measure = () => node.clientWidth > 0 && setWidth(node.clientWidth);
    measure();
    observer.current = new ResizeObserver(measure);
    observer.current.observe(node);
  }, []);
  return { ref, width };
}

/** The desktop's widgets: placed by mouse or by keys, one under the other in a narrow window. */
export function WidgetGrid({ widgets, layouts, onChange, onHide, onReset }: Props) {
  const { t } = useTranslation();
  const { ref, width } = useWidth();
  const kind: GridKind | null = width >= 1120 ? "wide" : width >= 720 ? "medium" : null;
  const cols = columns[kind ?? "medium"];
  const saved = layouts[kind ?? "wide"];
  const [arranging, setArranging] = useState<{ id: string; before: Layout } | null>(null);
  const [said, setSaid] = useState("");

  const layout = useMemo<Layout>(
    () =>
      verticalCompactor.compact(
        widgets.map((widget) => {
          const place = saved.find((each) => each.i === widget.id) ?? {
            i: widget.id,
            x: 0,
            y: 999,
            w: 4,
            h: 8,
          };
          const w = Math.min(place.w, cols);
          const limits = { minW: Math.min(widget.minW ?? 2, cols), minH: widget.minH ?? 4 };
          return { ...place, x: Math.min(place.x, cols - w), w, ...limits };
        }),
        cols,
      ),
    [widgets, saved, cols],
  );

  const keep = useCallback(
    (next: Layout) => {
      if (!kind || sameLayout(next, layout)) return;
      const hidden = saved.filter((place) => !next.some((each) => each.i === place.i));
      onChange(kind, [...placements(next), ...hidden]);
    },
    [kind, layout, saved, onChange],
  );

  useEffect(() => {
    if (!arranging) return;
    const item = layout.find((each) => each.i === arranging.id);
    if (item)
      setSaid(
        t("grid.said", { column: item.x + 1, row: item.y + 1, width: item.w, height: item.h, columns: cols }),
      );
  }, [arranging, layout, cols, t]);

  function frameOf(widget: Widget): Frame {
    const on = arranging?.id === widget.id;
    return {
      id: widget.id,
      arranging: on,
      movable: kind !== null,
      arrange: (start) => {
        if (start) setArranging({ id: widget.id, before: layout });
        else setArranging(null);
      },
      nudge: (step, size) => keep((size ? resized : moved)(layout, widget.id, step, cols)),
      hide: () => onHide(widget.id),
      reset: onReset,
    };
  }

  const boxes = widgets.map((widget) => (
    <div key={widget.id} className={classes.cell} data-widget={widget.id}>
      <FrameContext value={frameOf(widget)}>{widget.element}</FrameContext>
    </div>
  ));
  const order = new Map(layout.map((item) => [item.i, item.y * 100 + item.x]));
  const stacked = boxes.toSorted((a, b) => (order.get(String(a.key)) ?? 0) - (order.get(String(b.key)) ?? 0));

  return (
    <div ref={ref} className={classes.grid}>
      <div className="visually-hidden" aria-live="polite">
        {said}
      </div>
      {width === 0 ? null : kind === null ? (
        <div className={classes.stack}>{stacked}</div>
      ) : (
        <GridLayout
          width={width}
          layout={layout}
          gridConfig={{ cols, rowHeight, margin: [gap, gap], containerPadding: [gap, gap] }}
          dragConfig={{ enabled: true, handle: "[data-drag-handle]", cancel: "[data-no-drag]", threshold: 3 }}
          resizeConfig={{ enabled: true, handles: ["se", "e", "s"] }}
          compactor={verticalCompactor}
          onDragStop={(next) => keep(next)}
          onResizeStop={(next) => keep(next)}
        >
          {boxes}
        </GridLayout>
      )}
    </div>
  );
}
