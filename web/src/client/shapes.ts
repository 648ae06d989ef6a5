/** The shapes of the HTTP API, as its reference describes them. Instants are ISO 8601 in UTC, durations are seconds. */
export type Named = { id: string; name: string };
export type Role = string;
export type Person = {
  id: string;
  name: string;
  agent_id: string | null;
  roles: Role[];
  tenant_id: string;
  language: string;
};
export type DesktopPerson = Omit<Person, "agent_id"> & { permissions: string[]; tenant_name: string };
export type SeatKind = "voice" | "email" | "chat" | "multimedia" | "digital";
export type PhoneKind = "browser" | "sip" | "number";
export type PhoneChoice = { kind: PhoneKind; address: string };
export type BrowserSip = { websocket_path: string; uri: string; username: string; password: string };
export type SipAccount = { server: string; port: number; username: string; password: string };
export type SkillLevel = Named & { level: number };
export type SeatOffered = { seat: SeatKind; subscribed: number; taken: number };

export type SeatGrant = {
  agent_id: string;
  seat: SeatKind;
  phone: PhoneChoice | null;
  sip: BrowserSip | null;
  sip_account: SipAccount | null;
};

export type Desktop = {
  server_time: string;
  config_version: number;
  person: DesktopPerson;
  agent: {
    id: string;
    name: string;
    location: Named | null;
    groups: Named[];
    skills: SkillLevel[];
    spaces: Named[];
    extension: string;
    language: string;
  } | null;
  seat: SeatKind | null;
  phone: PhoneChoice | null;
  sip: BrowserSip | null;
  sip_account: SipAccount | null;
  /** Another login of this agent holds the seat. */
  held_elsewhere: boolean;
  seats_offered: SeatOffered[];
  withdrawal_reasons: Named[];
  queues: Named[];
  phones_offered: PhoneKind[];
  presented_numbers: string[];
  closing_reasons: Record<string, Named[]>;
};

export type Placement = { i: string; x: number; y: number; w: number; h: number };
export type SavedLayout = {
  version: number;
  layouts: { wide?: Placement[]; medium?: Placement[]; hidden?: string[] };
  preferences: {
    theme?: "light" | "dark" | "auto";
    language?: string;
    shortcuts?: { off: boolean; keys: Record<string, string> };
  };
};

export type ChatMessage = {
  id: string;
  from_id: string;
  from_name: string;
  to: string;
  text: string;
  at: string;
};

export type ContactRow = {
  contact_id: number;
  channel: string;
  direction: "inbound" | "outbound";
  remote: string;
  remote_name: string;
  address: string;
  queue: Named | null;
  agent: Named | null;
  arrived_at: string;
  waited_seconds: number | null;
  talked_seconds: number | null;
  outcome: string;
  closing_reason: Named | null;
  note: string;
  transferred: boolean;
  lasted_seconds: number | null;
};
export type LegRow = {
  leg_id: string;
  role: string;
  agent: Named | null;
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  cause: string;
};
export type ContactDetail = { contact: ContactRow; legs: LegRow[] };
export type FactRow = {
  seq: number;
  ordinal: number;
  at: string;
  kind: string;
  body: Record<string, unknown>;
};
export type Considered = {
  agent_id: string;
  name: string;
  verdict: "chosen" | "eligible" | "excluded";
  rule: string;
  detail: string;
};
export type Decision = {
  at: string;
  seq: number;
  queue: Named | null;
  chosen: Named | null;
  rule: string;
  measure: string;
  runner_up: Named | null;
  runner_up_measure: string;
  eligible: number;
  considered: Considered[];
};
export type FigureUnit = string;
export type Figure = { id: string; name: string; definition: string; unit: FigureUnit; value: number | null };
export type Page<T> = { items: T[]; next: string | null };
