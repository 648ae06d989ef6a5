/**
 * One soft sound for something that was offered in writing: heard once, in one tab however many are open, and never during a
 * call. A browser that wants a click first stays silent; nothing is remembered to be played later.
 */
const lasts = 1_200;

export class Chime {
  private context: AudioContext | null = null;

  /** `wanted` is asked at the last moment: the person may be talking by then. */
  async play(wanted: () => boolean): Promise<void> {
    if (!wanted()) return;
    const sound = async (lock: Lock | null) => {
      if (!lock || !wanted()) return;
      this.notes();
      await new Promise((done) => setTimeout(done, lasts));
    };
    if ("locks" in navigator) await navigator.locks.request("cordboard-chime", { ifAvailable: true }, sound);
    else this.notes();
  }

  private notes(): void {
    if (!("AudioContext" in window)) return;
    this.context ??= new AudioContext();
    const { context } = this;
    void context.resume().catch(() => undefined);
    if (context.state === "suspended" && !navigator.userActivation?.hasBeenActive) return;
    for (const [frequency, at] of [
      [659.3, 0],
      [880, 0.18],
    ] as const) {
      const begin = context.currentTime + at;
      const tone = context.createOscillator();
      const envelope = context.createGain();
      tone.type = "sine";
      tone.frequency.value = frequency;
      envelope.gain.setValueAtTime(0, begin);
      envelope.gain.linearRampToValueAtTime(0.12, begin + 0.02);
      envelope.gain.exponentialRampToValueAtTime(0.001, begin + 0.6);
      tone.connect(envelope).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + 0.62);
    }
  }
}
