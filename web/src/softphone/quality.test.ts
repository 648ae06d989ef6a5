import { describe, expect, it } from "vitest";
import { mosOf, QualityMeter } from "./quality";

describe("voice quality", () => {
  it("follows G.107: a clean µ-law call is 4.4, five percent of loss is poor, delay hurts", () => {
    const clean = { roundTripMs: 20, jitterMs: 1, lossPercent: 0, codec: "PCMU" };
    expect(mosOf(clean)).toBeCloseTo(4.4, 1);
    expect(mosOf({ ...clean, lossPercent: 5 })).toBeLessThan(4);
    expect(mosOf({ ...clean, roundTripMs: 900 })).toBeLessThan(3.5);
    expect(mosOf({ ...clean, lossPercent: 100 })).toBeCloseTo(1, 0);
    expect(mosOf({ ...clean, lossPercent: 5, codec: "unheard-of" })).toBeGreaterThanOrEqual(1);
  });

  it("counts loss between two looks, not since the start", () => {
    const meter = new QualityMeter();
    const look = (lost: number, received: number) =>
      meter.read([
        {
          type: "inbound-rtp",
          kind: "audio",
          codecId: "c",
          packetsLost: lost,
          packetsReceived: received,
          jitter: 0.002,
        },
        { type: "codec", id: "c", mimeType: "audio/opus" },
        { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.03 },
      ]);
    expect(look(0, 100)?.lossPercent).toBe(0);
    const bad = look(50, 150)?.lossPercent ?? 0;
    expect(bad).toBeGreaterThan(15);
    for (let i = 1; i <= 12; i += 1) look(50, 150 + 100 * i);
    expect(look(50, 2000)?.lossPercent).toBeLessThan(0.5);
    expect(look(50, 2100)).toMatchObject({ codec: "opus", roundTripMs: 30 });
    expect(meter.read([])).toBeNull();
  });
});
