/** The ring of an offered call, made with WebAudio: no file, stops within one buffer. */
export class RingTone {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  private gain: GainNode | null = null;

  /** `wanted` is asked at each ring: who wants no sound sees the offer all the same. */
  constructor(
    private readonly wanted: () => boolean = () => true,
    private readonly volume = 0.18,
  ) {}

  start(): void {
    if (this.timer || !this.wanted()) return;
    this.context ??= new AudioContext();
    void this.context.resume().catch(() => undefined);
    const gain = this.context.createGain();
    gain.gain.value = this.volume;
    gain.connect(this.context.destination);
    this.gain = gain;
    this.burst();
    this.timer = setInterval(() => this.burst(), 2600);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.gain?.disconnect();
    this.gain = null;
  }

  /** Two soft rising notes, twice: heard in a noisy room, bearable a hundred times a day. */
  private burst(): void {
    const { context, gain } = this;
    if (!context || !gain) return;
    const notes: [frequency: number, at: number][] = [
      [587.3, 0],
      [784, 0.16],
      [587.3, 0.5],
      [784, 0.66],
    ];
    for (const [frequency, at] of notes) {
      const begin = context.currentTime + at;
      const tone = context.createOscillator();
      const envelope = context.createGain();
      tone.type = "triangle";
      tone.frequency.value = frequency;
      envelope.gain.setValueAtTime(0, begin);
      envelope.gain.linearRampToValueAtTime(1, begin + 0.02);
      envelope.gain.exponentialRampToValueAtTime(0.001, begin + 0.3);
      tone.connect(envelope).connect(gain);
      tone.start(begin);
      tone.stop(begin + 0.32);
    }
  }
}
