/** Where the widgets stand before a person has moved them: each seat's work gets the most room. */
import type { Placement, SeatKind } from "../client/shapes";
import type { GridKind } from "../ui/WidgetGrid";

type Places = Record<GridKind, Placement[]>;
const at = (i: string, x: number, y: number, w: number, h: number): Placement => ({ i, x, y, w, h });

const voice: Places = {
  wide: [
    at("call", 0, 0, 4, 12),
    at("website", 4, 0, 5, 12),
    at("profile", 9, 0, 3, 9),
    at("statistics", 0, 12, 9, 7),
    at("chat", 9, 9, 3, 10),
  ],
  medium: [
    at("call", 0, 0, 3, 12),
    at("chat", 3, 0, 3, 6),
    at("statistics", 3, 6, 3, 6),
    at("website", 0, 12, 3, 9),
    at("profile", 3, 12, 3, 9),
  ],
};

/** Calls and mails: the mails get the middle. */
const multimedia: Places = {
  wide: [
    at("call", 0, 0, 3, 12),
    at("mail", 3, 0, 6, 16),
    at("profile", 9, 0, 3, 8),
    at("chat", 9, 8, 3, 8),
    at("website", 0, 12, 3, 10),
    at("statistics", 3, 16, 9, 6),
  ],
  medium: [
    at("mail", 0, 0, 6, 12),
    at("call", 0, 12, 3, 12),
    at("chat", 3, 12, 3, 6),
    at("statistics", 3, 18, 3, 6),
    at("website", 0, 24, 3, 9),
    at("profile", 3, 24, 3, 9),
  ],
};

/** One kind of work, in the widget `main`. */
const written = (main: string): Places => ({
  wide: [
    at(main, 0, 0, 9, 16),
    at("profile", 9, 0, 3, 8),
    at("chat", 9, 8, 3, 8),
    at("website", 0, 16, 5, 8),
    at("statistics", 5, 16, 7, 8),
  ],
  medium: [
    at(main, 0, 0, 6, 13),
    at("chat", 0, 13, 3, 7),
    at("statistics", 3, 13, 3, 7),
    at("website", 0, 20, 3, 9),
    at("profile", 3, 20, 3, 9),
  ],
});

const digital: Places = {
  wide: [
    at("conversation", 0, 0, 5, 16),
    at("mail", 5, 0, 7, 16),
    at("chat", 0, 16, 3, 9),
    at("statistics", 3, 16, 6, 9),
    at("profile", 9, 16, 3, 9),
    at("website", 0, 25, 12, 9),
  ],
  medium: [
    at("conversation", 0, 0, 6, 12),
    at("mail", 0, 12, 6, 12),
    at("chat", 0, 24, 3, 7),
    at("statistics", 3, 24, 3, 7),
    at("website", 0, 31, 3, 9),
    at("profile", 3, 31, 3, 9),
  ],
};

/** Everything: the conversations in the middle, the telephone beside them. */
const omnichannel: Places = {
  wide: [
    at("call", 0, 0, 3, 12),
    at("conversation", 3, 0, 6, 16),
    at("profile", 9, 0, 3, 8),
    at("chat", 9, 8, 3, 8),
    at("website", 0, 12, 3, 10),
    at("mail", 3, 16, 9, 14),
    at("statistics", 3, 30, 9, 6),
  ],
  medium: [
    at("conversation", 0, 0, 6, 12),
    at("call", 0, 12, 3, 12),
    at("chat", 3, 12, 3, 6),
    at("statistics", 3, 18, 3, 6),
    at("mail", 0, 24, 6, 12),
    at("website", 0, 36, 3, 9),
    at("profile", 3, 36, 3, 9),
  ],
};

const ofSeat: Record<SeatKind, Places> = {
  voice,
  multimedia,
  digital,
  omnichannel,
  email: written("mail"),
  chat: written("conversation"),
};

export function firstPlaces(seat: SeatKind | null | undefined, kind: GridKind): Placement[] {
  return ofSeat[seat ?? "voice"][kind];
}

/** What the person has arranged; a widget that was not there then stands where it would have stood at first. */
export function placesOf(
  saved: Placement[] | undefined,
  seat: SeatKind | null | undefined,
  kind: GridKind,
): Placement[] {
  const first = firstPlaces(seat, kind);
  if (!saved) return first;
  return [...saved, ...first.filter((place) => !saved.some((each) => each.i === place.i))];
}
