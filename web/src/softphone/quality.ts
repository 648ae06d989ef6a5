/**
 * Voice quality from what the browser measures: ITU-T G.107 E-model, simplified to delay and loss.
 *
 * R = 93.2 − Id − Ie,eff. Delay in ms one way, loss in percent. Opus is taken with Ie 5, Bpl 20 (concealment),
 * G.711 with Ie 0, Bpl 25.1 (G.113, with PLC), G.722 with Ie 13, Bpl 14.
 */
export type Measures = { roundTripMs: number; jitterMs: number; lossPercent: number; codec: string };
export type Quality = Measures & { mos: number };

const impairments: Record<string, { ie: number; bpl: number }> = {
  opus: { ie: 5, bpl: 20 },
  pcmu: { ie: 0, bpl: 25.1 },
  pcma: { ie: 0, bpl: 25.1 },
  g722: { ie: 13, bpl: 14 },
};

/** Mean opinion score, 1.0 to 4.5. */
export function mosOf({ roundTripMs, jitterMs, lossPercent, codec }: Measures): number {
  const { ie, bpl } = impairments[codec.toLowerCase()] ?? { ie: 5, bpl: 15 };
  const delay = roundTripMs / 2 + jitterMs * 2 + 20;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = ie + (95 - ie) * (lossPercent / (lossPercent + bpl));
  const r = Math.max(0, Math.min(93.2, 93.2 - delayImpairment - lossImpairment));
  const mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.max(1, Math.min(4.5, mos));
}

type Counters = { lost: number; received: number };

/** Follows one connection: loss is counted between two looks, not since the start of the call. */
export class QualityMeter {
  private last: Counters = { lost: 0, received: 0 };
  private smoothedLoss = 0;

  read(report: Iterable<Record<string, unknown>>): Quality | null {
    const stats = [...report];
    const inbound = stats.find((s) => s.type === "inbound-rtp" && s.kind === "audio");
    if (!inbound) return null;
    const remote = stats.find((s) => s.type === "remote-inbound-rtp" && s.kind === "audio");
    const pair = stats.find((s) => s.type === "candidate-pair" && s.nominated === true);
    const codec = stats.find((s) => s.type === "codec" && s.id === inbound.codecId);
    const now = { lost: Number(inbound.packetsLost ?? 0), received: Number(inbound.packetsReceived ?? 0) };
    const lost = Math.max(0, now.lost - this.last.lost);
    const seen = lost + Math.max(0, now.received - this.last.received);
    this.last = now;
    const loss = seen > 0 ? (100 * lost) / seen : 0;
    this.smoothedLoss = 0.6 * this.smoothedLoss + 0.4 * loss;
    const measures: Measures = {
      roundTripMs: 1000 * Number(remote?.roundTripTime ?? pair?.currentRoundTripTime ?? 0),
      jitterMs: 1000 * Number(inbound.jitter ?? 0),
      lossPercent: this.smoothedLoss,
      codec: String(codec?.mimeType ?? "audio/?").replace("audio/", ""),
    };
    return { ...measures, mos: mosOf(measures) };
  }
}
