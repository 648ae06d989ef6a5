/** The shapes that the screens speak of: names for the generated types, narrower where the server says "string". */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Named = Schemas["Named"];
export type Person = Schemas["Person"];
export type SeatKind = Schemas["SeatKind"];
export type PhoneKind = Schemas["PhoneKind"];
export type PhoneChoice = Schemas["PhoneChosen"];
export type BrowserSip = Schemas["SipOfBrowser"];
export type SipAccount = Schemas["SipAccount"];
export type SeatHeld = Schemas["SeatHeld"];
export type SkillLevel = Schemas["SkillOfAgent"];

export type Desktop = Omit<
  Schemas["Start"],
  "seat" | "phone" | "sip" | "sip_account" | "phones_offered" | "seats_offered"
> & {
  seat: SeatKind | null;
  phone: PhoneChoice | null;
  sip: BrowserSip | null;
  sip_account: SipAccount | null;
  phones_offered: PhoneKind[];
  seats_offered: (Omit<Schemas["SeatOffered"], "seat"> & { seat: SeatKind })[];
};

export type Placement = { i: string; x: number; y: number; w: number; h: number };
/** What this application keeps in the person's layout document. */
export type SavedLayout = {
  version: number;
  layouts: { wide?: Placement[]; medium?: Placement[]; hidden?: string[] };
  preferences: {
    theme?: "light" | "dark" | "auto";
    language?: string;
    shortcuts?: { off: boolean; keys: Record<string, string> };
    alerts?: { sound?: boolean; count?: boolean };
  };
};

export type ChatMessage = Schemas["Message"];
export type ContactRow = Omit<Schemas["ContactRow"], "direction"> & { direction: "inbound" | "outbound" };
export type FoundContact = Schemas["FoundContact"];
export type ContactDetail = Omit<Schemas["ContactDetail"], "contact"> & { contact: ContactRow };
export type FactRow = Schemas["FactRow"];
export type Considered = Omit<Schemas["Considered"], "verdict"> & {
  verdict: "chosen" | "eligible" | "excluded";
};
export type Decision = Omit<Schemas["Decision"], "considered"> & { considered: Considered[] };
export type Figure = Schemas["FigureRow"];
export type Page<T> = { items: T[]; next: string | null };
