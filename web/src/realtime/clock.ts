/**
 * The server's time on this machine, and the one ticker that all timers on the page share.
 *
 * A laptop's clock may be minutes off, so waits are shown against the server's: the offset is taken from the
 * exchange with the shortest round trip. Timers write `textContent` by themselves: no render per second.
 */
export class ServerClock {
  private offset = 0;
  private bestRoundTrip = Number.POSITIVE_INFINITY;
  private readonly painters = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly local: () => number = () => performance.timeOrigin + performance.now()) {}

  /** Milliseconds since 1970 on the server's clock. */
  now(): number {
    return this.local() + this.offset;
  }

  localNow(): number {
    return this.local();
  }

  /** An exchange: asked at `sent`, answered at `received` (both local), the server's instant in between. */
  learn(serverNow: number, sent: number, received: number): void {
    const roundTrip = received - sent;
    if (Number.isNaN(serverNow) || roundTrip > this.bestRoundTrip * 1.5 + 5) return;
    this.bestRoundTrip = Math.min(this.bestRoundTrip, roundTrip);
    this.offset = serverNow - (sent + received) / 2;
  }

  /** A server instant without a question of ours: good enough until the first exchange. */
  hint(serverNow: number): void {
    if (this.bestRoundTrip === Number.POSITIVE_INFINITY && !Number.isNaN(serverNow))
      this.offset = serverNow - this.local();
  }

  /** After a sleep or a lost connection the old offset may be wrong: take the next one as it comes. */
  forget(): void {
    this.bestRoundTrip = Number.POSITIVE_INFINITY;
  }

  /** Calls `paint` at once and about four times a second, until the returned function is called. */
  onTick(paint: () => void): () => void {
    this.painters.add(paint);
    paint();
    this.timer ??= setInterval(() => {
      for (const each of this.painters) each();
    }, 250);
    return () => {
      this.painters.delete(paint);
      if (this.painters.size === 0 && this.timer !== null) {
        clearInterval(this.timer);
        this.timer = null;
      }
    };
  }
}
