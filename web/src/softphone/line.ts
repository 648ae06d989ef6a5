/**
 * What the softphone needs of a SIP stack, so that its rules can be tried without one.
 *
 * A `Line` is a registration; a `LineCall` one INVITE from the server. Both report by the handlers given at the start.
 */
export type LineSettings = {
  websocketUrl: string;
  uri: string;
  username: string;
  password: string;
  iceServers: RTCIceServer[];
};

export type LineCall = {
  readonly id: string;
  readonly contactId: number | null;
  readonly answersItself: boolean;
  answer(microphoneId: string | null): void;
  mute(on: boolean): void;
  end(): void;
  restartIce(): void;
  connection(): RTCPeerConnection | null;
};

export type LineHandlers = {
  registration: (state: "connecting" | "registered" | "failed", cause?: string) => void;
  call: (call: LineCall) => void;
  established: (call: LineCall) => void;
  audio: (call: LineCall, stream: MediaStream) => void;
  ice: (call: LineCall, state: RTCIceConnectionState) => void;
  noMicrophone: (call: LineCall) => void;
  ended: (call: LineCall) => void;
};

export type Line = { reconnect(): void; stop(): void };
export type OpenLine = (settings: LineSettings, on: LineHandlers) => Promise<Line>;
