import { describe, expect, it } from "vitest";
import { askedOf, askedOfPart, byOf, dayAfter, dayIn, monthsBefore, questionOf, spanOf } from "./question";

const today = "2026-11-25"; // a Wednesday

describe("a question in the address", () => {
  it("keeps what is understood and leaves the rest out", () => {
    expect(
      questionOf({
        period: "2026-10",
        channel: "email",
        by: "queue",
        at: "received",
        days: "14",
        queue: "mail",
        from: "2026-13-01",
        reason: "",
        nonsense: 1,
      }),
    ).toEqual({ period: "2026-10", channel: "email", by: "queue", at: "received", days: 14, queue: "mail" });
    expect(questionOf({ period: "2026-13", channel: "fax", by: "moon", at: "x", days: "700" })).toEqual({});
  });
});

describe("the periods", () => {
  it("are the customer's days", () => {
    const midnight = Date.UTC(2026, 10, 24, 23, 30);
    expect(dayIn("Europe/Paris", midnight)).toBe("2026-11-25");
    expect(dayIn("UTC", midnight)).toBe("2026-11-24");
    expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  });
  it.each([
    [{}, "2026-11-25", undefined],
    [{ period: "yesterday" }, "2026-11-24", "2026-11-25"],
    [{ period: "week" }, "2026-11-23", undefined],
    [{ period: "month" }, "2026-11-01", undefined],
    [{ period: "2025-12" }, "2025-12-01", "2026-01-01"],
    [{ period: "own", from: "2026-11-01", to: "2026-11-02" }, "2026-11-01", "2026-11-03"],
    [{ period: "own", from: "2026-11-20", to: today }, "2026-11-20", undefined],
    [{ period: "own", from: "2026-11-20", to: "2026-11-01" }, "2026-11-20", "2026-11-21"],
  ])("%j", (question, from, to) => expect(spanOf(question, today)).toEqual({ from, to }));
  it("go back twelve months", () => {
    const months = monthsBefore("2026-01-31");
    expect([months[0], months[11], months.length]).toEqual(["2025-12", "2025-01", 12]);
  });
  it("are looked at by hour within a day, by day beyond", () => {
    expect(byOf({}, spanOf({}, today), today)).toBe("hour");
    expect(byOf({}, spanOf({ period: "yesterday" }, today), today)).toBe("hour");
    expect(byOf({}, spanOf({ period: "week" }, today), today)).toBe("day");
    expect(byOf({ by: "skill" }, spanOf({}, today), today)).toBe("skill");
  });
});

describe("what a cell counts", () => {
  const asked = askedOf({ queue: "mail" }, { from: today, to: undefined });
  const part = { id: "", since: "2026-11-25T08:00:00+01:00", until: "2026-11-25T09:00:00+01:00" };
  it("is its part of the whole", () => {
    expect(asked).toEqual({ queue: "mail", from: "2026-11-25T00:00:00" });
    expect(askedOfPart(asked, "hour", "happened", part)).toEqual({
      queue: "mail",
      from: part.since,
      to: part.until,
    });
    expect(askedOfPart(asked, "hour", "received", part)).toEqual({
      ...asked,
      received_from: part.since,
      received_to: part.until,
    });
    expect(askedOfPart(asked, "day", "received", { ...part, id: "earlier" })).toEqual({
      ...asked,
      received_to: part.since,
    });
  });
  it("is of whom the row is of; of nobody where it has none", () => {
    expect(askedOfPart(asked, "agent", "happened", { ...part, id: "emma" }).agent).toBe("emma");
    expect(askedOfPart(asked, "agent", "happened", part).agent).toBe("-");
  });
});
