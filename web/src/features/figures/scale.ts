/** The marks of an axis that begins at zero: few, round, the last at or above the greatest value. */
const roundSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400, 172_800,
  432_000, 864_000,
];

export function marksOf(greatest: number, unit: string, about = 4): number[] {
  if (unit === "share") return [0, 0.25, 0.5, 0.75, 1];
  const step = stepOf(Math.max(greatest, unit === "count" ? 1 : 0.001) / about, unit);
  const number = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return Array.from({ length: number + 1 }, (_, index) => index * step);
}

function stepOf(least: number, unit: string): number {
  if (unit === "seconds") {
    const found = roundSeconds.find((each) => each >= least);
    if (found) return found;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= least - 1e-12) ?? 10);
  return unit === "count" ? Math.max(1, Math.round(step)) : step;
}
