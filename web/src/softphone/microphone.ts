/** A look at the microphone before the first call: is it there, allowed, and does it hear anything? */
import { remembered } from "../lib/remembered";

export type MicrophoneDevice = { id: string; label: string };
export type MicrophoneTrial = {
  devices: MicrophoneDevice[];
  inUse: string;
  /** Loudness now, 0..1 (about −60..0 dBFS). */
  level: () => number;
  stop: () => void;
};
export type MicrophoneTrouble = "refused" | "missing";

export function chosenMicrophone(): string | null {
  return remembered.get<string>("microphone");
}
export function chooseMicrophone(id: string): void {
  remembered.set("microphone", id);
}

export async function tryMicrophone(deviceId: string | null): Promise<MicrophoneTrial | MicrophoneTrouble> {
  if (!navigator.mediaDevices?.getUserMedia) return "missing";
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: deviceId ? { deviceId: { ideal: deviceId } } : true,
    });
  } catch (error) {
    const refused = error instanceof DOMException && /NotAllowed|Security/.test(error.name);
    return refused ? "refused" : "missing";
  }
  const all = await navigator.mediaDevices.enumerateDevices();
  const devices = all
    .filter((device) => device.kind === "audioinput" && device.deviceId)
    .map((device, index) => ({ id: device.deviceId, label: device.label || `#${index + 1}` }));
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    devices,
    inUse: stream.getAudioTracks()[0]?.getSettings().deviceId ?? "",
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const decibels = 10 * Math.log10(sum / samples.length + 1e-9);
      return Math.max(0, Math.min(1, (decibels + 60) / 60));
    },
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}
