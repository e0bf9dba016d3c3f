import type { Checker, Path } from "../../config/checker.ts";

/** `lock_defaults`: what `exec` and the client of the commands use, if their own options say nothing. */
export interface LockDefaults {
  /** ms. @default 10_000 */
  readonly ttlMs: number;
  /** ms. @default `retry_count` × `retry_delay` if one of them is set, otherwise 10_000 */
  readonly waitMs: number;
}

/** `client`: options of the client, equal to those of the applications. */
export interface ClientSettings {
  readonly restartGuard: boolean | number | undefined;
  readonly strict: boolean | undefined;
  readonly driftFactor: number | undefined;
  readonly requestTimeoutMs: number | undefined;
  readonly owner: string | undefined;
}

/** `exec`: the defaults of its options. */
export interface ExecSettings {
  /** ms. @default 30_000 */
  readonly ttlMs: number;
  /** ms. @default 10_000 */
  readonly waitMs: number;
  /** How long a command may take to end after TERM, ms. @default 5_000 */
  readonly graceMs: number;
}

const DAY_MS = 86_400_000;
const MAX_TTL_MS = 30 * DAY_MS;
/** As for `--ttl`: a command needs time to end within the lease. */
const MIN_EXEC_TTL_MS = 3_000;
const DEFAULT_RETRY_COUNT = 3;
const DEFAULT_RETRY_DELAY_MS = 200;

export function checkLockDefaults(checker: Checker, path: Path, value: unknown): LockDefaults {
  const fields = checker.object(path, value, ["ttl", "retry_count", "retry_delay", "wait"]);
  const at = (key: string): Path => [...path, key];
  const count = checker.number(at("retry_count"), fields.retry_count, 0, 1_000_000);
  const delayMs = checker.durationMs(at("retry_delay"), fields.retry_delay, 0, DAY_MS);
  const isCounted = count !== undefined || delayMs !== undefined;
  const standardMs = isCounted
    ? (count ?? DEFAULT_RETRY_COUNT) * (delayMs ?? DEFAULT_RETRY_DELAY_MS)
    : 10_000;
  return {
    ttlMs: checker.durationMs(at("ttl"), fields.ttl, 100, MAX_TTL_MS) ?? 10_000,
    waitMs: checker.durationMs(at("wait"), fields.wait, 0, MAX_TTL_MS) ?? standardMs,
  };
}

export function checkClient(checker: Checker, path: Path, value: unknown): ClientSettings {
  const keys = ["restart_guard", "strict", "drift_factor", "request_timeout", "owner"];
  const fields = checker.object(path, value, keys);
  const at = (key: string): Path => [...path, key];
  const isAuto = (key: string): boolean => fields[key] === "auto";
  return {
    restartGuard: isAuto("restart_guard") ? undefined : restartGuardOf(checker, at("restart_guard"), fields),
    strict: checker.boolean(at("strict"), fields.strict),
    driftFactor: checker.number(at("drift_factor"), fields.drift_factor, 0, 0.49),
    requestTimeoutMs: isAuto("request_timeout")
      ? undefined
      : checker.durationMs(at("request_timeout"), fields.request_timeout, 1, 60_000),
    owner: checker.text(at("owner"), fields.owner),
  };
}

function restartGuardOf(
  checker: Checker,
  path: Path,
  { restart_guard: value }: Readonly<Record<string, unknown>>,
): boolean | number | undefined {
  return typeof value === "boolean" ? value : checker.durationMs(path, value, 100, MAX_TTL_MS);
}

export function checkExec(checker: Checker, path: Path, value: unknown): ExecSettings {
  const fields = checker.object(path, value, ["ttl", "wait", "grace"]);
  const at = (key: string): Path => [...path, key];
  return {
    ttlMs: checker.durationMs(at("ttl"), fields.ttl, MIN_EXEC_TTL_MS, MAX_TTL_MS) ?? 30_000,
    waitMs: checker.durationMs(at("wait"), fields.wait, 0, MAX_TTL_MS) ?? 10_000,
    graceMs: checker.durationMs(at("grace"), fields.grace, 0, DAY_MS) ?? 5_000,
  };
}
