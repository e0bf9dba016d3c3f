import { execFileSync } from "node:child_process";

/**
 * Which cores clients and servers may use. On virtual machines a wake-up from core to core takes longer than the work:
 * ratios are steadier with everything on one, while two show what a network would do.
 */
export const PINNINGS = ["one", "two", "none"] as const;
export type Pinning = (typeof PINNINGS)[number];

/**
 * Pins this process, with all its threads and the processes that it will start, and the servers.
 *
 * @param wanted `undefined`: `one` where `taskset` is there, otherwise `none`.
 * @returns what was done.
 * @throws Error when `wanted` cannot be had.
 */
export function pin(wanted: Pinning | undefined, servers: readonly { readonly pid: number }[]): Pinning {
  if (wanted === "none") return "none";
  const cores = usableCores();
  if (cores === undefined) {
    if (wanted === undefined) return "none";
    throw new Error(`--pin ${wanted} needs taskset (util-linux), which was not found; use --pin none`);
  }
  const [first, second] = cores;
  if (first === undefined || (wanted === "two" && second === undefined)) {
    throw new Error(`--pin two needs two cores, and this process may use ${cores.length}; use --pin one`);
  }
  const core = wanted === "two" ? second : first;
  taskset("-a", "-c", "-p", String(first), String(process.pid));
  for (const { pid } of servers) taskset("-a", "-c", "-p", String(core), String(pid));
  return wanted ?? "one";
}

/** The cores that this process may use, or `undefined` where nobody can tell. */
function usableCores(): readonly number[] | undefined {
  try {
    return coresIn(taskset("-c", "-p", String(process.pid)));
  } catch {
    return undefined;
  }
}

/** The cores in what taskset says, such as `pid 4711's current affinity list: 0,2-3`. */
export function coresIn(text: string): readonly number[] {
  const list = text.split(":").at(-1)?.trim() ?? "";
  return list.split(",").flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function taskset(...args: readonly string[]): string {
  return execFileSync("taskset", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
