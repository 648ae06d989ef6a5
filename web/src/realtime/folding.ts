/**
 * Snapshot + deltas → rows, without I/O. Law: folding a snapshot and its deltas gives what a fresh snapshot would.
 *
 * Numbers are per topic and gap-free; a gap answers "gap", and the caller subscribes again.
 */
export type TopicFold<R = unknown> = { n: number; rows: Record<string, R> };
export type SnapshotFrame = { topic: string; n: number; snapshot: Record<string, unknown>; now: string };
export type DeltaFrame = {
  topic: string;
  n: number;
  set?: Record<string, unknown>;
  del?: string[];
  now: string;
};

export function foldSnapshot(frame: SnapshotFrame): TopicFold {
  return { n: frame.n, rows: frame.snapshot };
}

export function foldDelta(fold: TopicFold | undefined, frame: DeltaFrame): TopicFold | "gap" {
  if (!fold || frame.n !== fold.n + 1) return "gap";
  const set = frame.set ?? {};
  const del = frame.del ?? [];
  if (Object.keys(set).length === 0 && del.length === 0) return { n: frame.n, rows: fold.rows };
  const rows = { ...fold.rows, ...set };
  for (const key of del) delete rows[key];
  return { n: frame.n, rows };
}
