import { expect, test } from "vitest";
import { afterDisconnect, afterReport, hasRestored, NO_FACTS } from "../../src/members/server-facts.ts";
import { readReport } from "../../src/operations/identify.ts";
import type { Reply } from "../../src/operations/request.ts";

/** The report of a service that answers INFO, but without a run id and an uptime. */
const REPLY: Reply = [1, "", -1, 1_700_000_000_000_000, -1, "", -1, "", "", "", "", "", "", -1, ""];

test("a server without a run id counts as just started, once for each connection", () => {
  const report = readReport(REPLY);
  const first = afterReport(NO_FACTS, report, 1_000, 1_001);
  expect(first.start).toMatchObject({ kind: "undisclosed", startedAt: 1_001 });
  const checked = afterReport(first, report, 50_000, 50_001);
  expect(checked.start).toBe(first.start);
  const again = afterReport(afterDisconnect(checked, 60_000), report, 60_500, 60_501);
  expect(again.start).toMatchObject({ kind: "undisclosed", startedAt: 60_501 });
});

test("a server without a run id may be another one after a break, also if each of them keeps all writes", () => {
  const report = { ...readReport(REPLY), appendOnly: true };
  const first = { ...afterReport(NO_FACTS, report, 1_000, 1_001), durability: "durable" } as const;
  expect(hasRestored(first)).toBe(false);
  const again = afterReport(afterDisconnect(first, 60_000), report, 60_500, 60_501);
  expect(hasRestored({ ...again, durability: "durable" })).toBe(false);
});
