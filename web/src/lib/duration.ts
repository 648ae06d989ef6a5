/** Whole seconds as `m:ss`, or `h:mm:ss` from one hour on. Negative spans read as zero. */
export function clockFace(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes).padStart(2, "0")}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** ISO 8601 durations as the facts carry them ("PT1M31.5S", "P1DT2H"), or bare seconds. */
export function secondsOfDuration(text: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (!parts) return Number(text) || 0;
  const [days, hours, minutes, seconds] = parts.slice(1).map((each) => Number(each ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

export function secondsBetween(from: string | number, to: number): number {
  return (to - (typeof from === "number" ? from : Date.parse(from))) / 1000;
}
