import { CommandError, EXIT } from "../cli/command-error.ts";
import { spellMs } from "../cli/duration.ts";

/** The options of `exec` as they are typed. Durations are in ms. */
export interface ExecFlags {
  readonly ttl?: number;
  readonly wait?: number;
  readonly grace?: number;
  readonly maxRun?: number;
  readonly atLeast?: number;
  readonly also?: readonly string[];
  readonly shared?: boolean;
  readonly permits?: number;
  readonly priority?: number;
  readonly busyCode?: number;
  readonly lostCode?: number;
  readonly report?: string;
  readonly record?: boolean;
  readonly inherit?: boolean;
  readonly foreground?: boolean;
}

/** How the names are locked. */
type ExecKind =
  | { readonly kind: "exclusive" }
  | { readonly kind: "shared" }
  | { readonly kind: "permits"; readonly permits: number }
  | { readonly kind: "priority"; readonly priority: number };

/** Checked and complete. */
export interface ExecOptions {
  /** The first one is the name in messages. */
  readonly names: readonly [string, ...string[]];
  readonly kind: ExecKind;
  readonly ttlMs: number;
  /** `Infinity`: for ever. */
  readonly waitMs: number;
  readonly graceMs: number;
  /** `undefined`: no limit. */
  readonly maxRunMs: number | undefined;
  readonly atLeastMs: number;
  readonly busyCode: number;
  readonly lostCode: number;
  readonly reportFile: string | undefined;
  readonly isRecorded: boolean;
  readonly inherits: boolean;
  readonly isForeground: boolean;
  readonly isQuiet: boolean;
  readonly command: readonly [string, ...string[]];
}

/** What the configuration says. */
export interface ExecDefaults {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly graceMs: number;
}

const LOST_CODE = 79;
/** A command needs time to end within the lease, and KILL comes 0.5 s before its end. */
const MIN_TTL_MS = 3_000;

/** @throws CommandError for options that do not fit together. */
export function resolveExecOptions(
  name: string,
  command: readonly string[],
  flags: ExecFlags,
  defaults: ExecDefaults,
  rest: { readonly isQuiet: boolean; readonly isTerminal: boolean },
): ExecOptions {
  const [program, ...args] = command;
  if (program === undefined) throw wrong("no command; write `quorumlock exec NAME -- COMMAND`");
  const names: readonly [string, ...string[]] = [name, ...new Set(flags.also)];
  if (names.includes("")) throw wrong("a name is empty");
  if (names.indexOf(name, 1) !== -1) throw wrong("--also: the name is the same as the first one");
  const ttlMs = flags.ttl ?? defaults.ttlMs;
  if (ttlMs < MIN_TTL_MS)
    throw wrong(`--ttl: ${spellMs(ttlMs)} is too short; use at least ${spellMs(MIN_TTL_MS)}`);
  const largestMs = Math.floor(ttlMs / 3);
  if (flags.grace !== undefined && flags.grace > largestMs)
    throw wrong(
      `--grace: ${spellMs(flags.grace)} must be at most a third of the ttl of ${spellMs(ttlMs)}; use a longer --ttl`,
    );
  return {
    names,
    kind: kindOf(names, flags),
    ttlMs,
    waitMs: flags.wait ?? defaults.waitMs,
    graceMs: flags.grace ?? Math.min(defaults.graceMs, largestMs),
    maxRunMs: flags.maxRun,
    atLeastMs: flags.atLeast ?? 0,
    busyCode: flags.busyCode ?? EXIT.busy,
    lostCode: flags.lostCode ?? LOST_CODE,
    reportFile: flags.report,
    isRecorded: flags.record ?? false,
    inherits: flags.inherit ?? false,
    isForeground: flags.foreground ?? rest.isTerminal,
    isQuiet: rest.isQuiet,
    command: [program, ...args],
  };
}

function kindOf(names: readonly string[], { shared, permits, priority }: ExecFlags): ExecKind {
  const chosen = [
    ...(shared === true ? ["--shared"] : []),
    ...(permits === undefined ? [] : ["--permits"]),
    ...(priority === undefined ? [] : ["--priority"]),
  ];
  if (chosen.length > 1) throw wrong(`${chosen.join(" and ")} cannot be used together`);
  if (names.length > 1 && (permits !== undefined || priority !== undefined))
    throw wrong(`${chosen.join()} is for one name, so it cannot be used with --also`);
  if (shared === true) return { kind: "shared" };
  if (permits !== undefined) return { kind: "permits", permits };
  return priority === undefined ? { kind: "exclusive" } : { kind: "priority", priority };
}

function wrong(message: string): CommandError {
  return new CommandError(message, EXIT.wrongUsage);
}
