import { THIN_SPACE } from "../format/spaces.ts";

/** `error`: locks do not work, or can be held twice. `warning`: they soon may. `information`: good to know. */
export type Severity = "error" | "warning" | "information";

interface Definition {
  readonly severity: Severity;
  /** A few words, also the heading of its section in docs/operations.md. */
  readonly title: string;
}

/**
 * Every finding. A code never changes its meaning. QL1xx are about servers, QL2xx about locks, QL3xx about the processes that use them.
 */
export const FINDINGS = {
  QL101: { severity: "error", title: "A server does not answer" },
  QL102: { severity: "error", title: "No quorum can vote" },
  QL103: { severity: "error", title: "A server refuses the user" },
  QL104: { severity: "error", title: "An address does not lead to a Redis" },
  QL105: { severity: "error", title: "Two entries are one server" },
  QL106: { severity: "error", title: "A server is a replica" },
  QL107: { severity: "error", title: "A server evicts keys" },
  QL108: { severity: "error", title: "A node of a cluster is listed as a single server" },
  QL109: { severity: "warning", title: "The number of servers is even" },
  QL110: { severity: "information", title: "There is only one server" },
  QL111: { severity: "warning", title: "A server is quarantined" },
  QL112: { severity: "warning", title: "A clock is wrong" },
  QL113: { severity: "warning", title: "A server is almost out of memory" },
  QL114: { severity: "warning", title: "A server is slow" },
  QL115: { severity: "information", title: "A server forgets locks in a restart" },
  QL116: { severity: "warning", title: "A version is not tested" },
  QL117: { severity: "warning", title: "Commands block a server" },
  QL118: { severity: "warning", title: "The user lacks rights of some features" },
  QL201: { severity: "information", title: "A key is on a minority" },
  QL202: { severity: "error", title: "A key has no expiry" },
  QL203: { severity: "warning", title: "A lock is not extended" },
  QL204: { severity: "warning", title: "A lock is held unusually long" },
  QL205: { severity: "information", title: "A lock lacks votes" },
  QL206: { severity: "warning", title: "The holder does not report" },
  QL207: { severity: "information", title: "Another program holds a lock" },
  QL208: { severity: "warning", title: "Waiters may be in a circle" },
  QL209: { severity: "warning", title: "One name has two kinds" },
  QL301: { severity: "error", title: "Clients use different sets of servers" },
  QL302: { severity: "warning", title: "The restart window is shorter than a ttl" },
  QL303: { severity: "warning", title: "Clients have different settings" },
  QL304: { severity: "information", title: "Processes have different versions" },
  QL305: { severity: "information", title: "No process reports" },
  QL306: { severity: "warning", title: "There are too many classes" },
  QL307: { severity: "information", title: "Reports are cut" },
} as const satisfies Readonly<Record<string, Definition>>;

export type FindingCode = keyof typeof FINDINGS;

/** What a check has found out. */
export interface Problem {
  /** A label of a server, the name of a lock, or what else it is about. */
  readonly subject: string;
  /** One or two sentences: what is wrong, with which value, and what follows. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
  /** Lines to copy into a shell that do it, or a part of it. */
  readonly commands?: readonly string[];
}

export interface Finding extends Problem {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The section about it in the documentation. */
  readonly url: string;
}

/** A test compares it with the homepage in package.json. */
const OPERATIONS_URL = "https://github.com/quorumlock/quorumlock/blob/main/docs/operations.md";

/** The texts have plain spaces only, so that they can be searched and copied. */
export function findingOf(code: FindingCode, problem: Problem): Finding {
  const url = `${OPERATIONS_URL}#${code.toLowerCase()}`;
  return { code, severity: FINDINGS[code].severity, ...problem, cause: plain(problem.cause), url };
}

function plain(text: string): string {
  return text.replaceAll(THIN_SPACE, " ");
}
