/** What the rules of alerts look at: the present figures of one set of servers. Durations are in ms. */
export interface AlertFigures {
  /** False if figures are missing that should be there: the rule `no_data` finds it. */
  readonly hasData: boolean;
  /** `undefined` if the votes could not be counted. */
  readonly quorum: QuorumFigures | undefined;
  /** `undefined` if nothing is known about the servers. */
  readonly servers: readonly ServerFigures[] | undefined;
  /** `undefined` if no process reports its figures. */
  readonly classes: readonly ClassFigures[] | undefined;
  /** Locks that were lost in the last 15 minutes, as far as their names are known. */
  readonly losses: readonly LossFigures[];
}

/** How many servers vote. */
export interface QuorumFigures {
  /** Servers whose grants count now. */
  readonly voting: number;
  /** Servers in the configuration. */
  readonly configured: number;
  /** Votes that a lock needs. */
  readonly required: number;
}

/** One server. */
export interface ServerFigures {
  /** Its name in messages. */
  readonly label: string;
  /** Whether it answers. */
  readonly isAnswering: boolean;
  /** Whether its grants count now. */
  readonly isVoting: boolean;
  /** Why it is not up, in one line and without a password. */
  readonly message?: string | undefined;
  /** How long it has not answered. */
  readonly silentMs?: number | undefined;
  /** How long it still abstains, if that is known. */
  readonly abstainsMs?: number | undefined;
  /** Why it may lose locks or grant them twice. A restart does not count. */
  readonly unsafe: readonly string[];
  /** Its clock less that of the median server. */
  readonly clockOffsetMs?: number | undefined;
  readonly usedBytes?: number | undefined;
  /** `undefined` without a limit. */
  readonly limitBytes?: number | undefined;
}

/** Counts since the start of the source. The rules compute sliding windows from them. A count that goes down began again at 0. */
export interface ClassCounts {
  readonly granted: number;
  readonly timedOut: number;
  readonly noQuorum: number;
  readonly lost: number;
  readonly extended: number;
  readonly extensionsFailed: number;
  /** Acquisitions that waited for more than 10 s. */
  readonly longWaits: number;
}

/** One class of names. */
export interface ClassFigures {
  readonly resource: string;
  readonly counts: ClassCounts;
  /** Locks that are held now. */
  readonly active: number;
  /** Acquisitions that wait now. */
  readonly waiters: number;
  /** 0 if none waits. */
  readonly oldestWaitMs: number;
  /** 0 if none is held. */
  readonly longestHoldMs: number;
  /** The lock that blocks most callers. `undefined` if it is not known. */
  readonly blocking?: BlockingLock | undefined;
  /** The lock that is held longest. `undefined` if it is not known. */
  readonly longestHeld?: NamedLock | undefined;
}

export interface NamedLock {
  readonly name: string;
  /** The owner label of its holder, usually `host:pid`. */
  readonly owner: string | undefined;
}

export interface BlockingLock extends NamedLock {
  /** Callers that wait behind it. */
  readonly callers: number;
}

/** A lock that was lost. */
export interface LossFigures extends NamedLock {
  readonly resource: string;
  /** In ms since 1970. */
  readonly at: number;
  /** Its fencing token, if it is known. */
  readonly fence: number | undefined;
}

export const COUNT_FIELDS = [
  "granted",
  "timedOut",
  "noQuorum",
  "lost",
  "extended",
  "extensionsFailed",
  "longWaits",
] as const;

export function noCounts(): Record<keyof ClassCounts, number> {
  return { granted: 0, timedOut: 0, noQuorum: 0, lost: 0, extended: 0, extensionsFailed: 0, longWaits: 0 };
}

/** What is known if the source failed. */
export const MISSING_FIGURES: AlertFigures = {
  hasData: false,
  quorum: undefined,
  servers: undefined,
  classes: undefined,
  losses: [],
};
