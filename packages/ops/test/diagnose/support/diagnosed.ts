import type { FindingCode } from "../../../src/diagnose/finding.ts";
import type { Finding } from "../../../src/diagnose/finding.ts";
import { ALL_CHECKS } from "../../../src/diagnose/checks/all-checks.ts";
import { type Diagnosis, runChecks } from "../../../src/diagnose/check.ts";
import type { Facts } from "../../../src/diagnose/facts.ts";
import { gatherFacts } from "../../../src/diagnose/gather/gather.ts";
import { connect } from "../../../src/cli/connect.ts";
import { readSettings } from "../../../src/cli/settings/settings.ts";
import { configFile } from "../../cli/support/run-command.ts";

export interface DiagnoseTestOptions {
  readonly name?: string;
  readonly scanMs?: number;
  readonly timeoutMs?: number;
  readonly ttlMs?: number;
  readonly prefix?: string;
  /** `client.restart_guard`. @default false, because a test has just started its servers */
  readonly restartGuard?: boolean;
}

export interface Diagnosed extends Diagnosis {
  readonly facts: Facts;
  readonly of: (code: FindingCode) => readonly Finding[];
}

/** Diagnoses servers as the command does. `entries`: URLs, or entries of `redis_instances` as JSON. */
export async function diagnosed(
  entries: readonly (string | object)[],
  {
    name,
    scanMs = 10_000,
    timeoutMs = 2_000,
    ttlMs = 10_000,
    prefix = "lock:",
    restartGuard = false,
  }: DiagnoseTestOptions = {},
): Promise<Diagnosed> {
  const config = JSON.stringify({
    redis_instances: entries,
    prefix,
    lock_defaults: { ttl: ttlMs },
    client: { restart_guard: restartGuard ? "auto" : false },
  });
  const settings = await readSettings({ config: configFile(config), timeout: timeoutMs }, {});
  await using connection = await connect(settings);
  const signal = new AbortController().signal;
  const facts = await gatherFacts(connection, {
    prefix,
    ttlMs,
    classOf: settings.monitoring.classOf,
    name,
    scanMs,
    signal,
  });
  const diagnosis = runChecks(ALL_CHECKS, facts);
  return { ...diagnosis, facts, of: (code) => diagnosis.findings.filter((each) => each.code === code) };
}

/** They keep nothing on disk, nobody reports, and a machine under load makes them slow. */
const USUAL_IN_TESTS: readonly FindingCode[] = ["QL115", "QL305", "QL114"];

/** The codes that are found, without those that servers of tests can always have. */
export function unusual({ findings }: Diagnosis): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))].filter((code) => !USUAL_IN_TESTS.includes(code));
}
