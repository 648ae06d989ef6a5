/** Whole seconds as `m:ss`, or `h:mm:ss` from one hour on. Negative spans read as zero. */
export function clockFace(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes).padStart(2, "0")}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

export function secondsBetween(from: string | number, to: number): number {
  return (to - (typeof from === "number" ? from : Date.parse(from))) / 1000;
}
