import { execFileSync } from "node:child_process";

/**
 * Which cores clients and servers may use. On virtual machines a wake-up from one core to another takes longer than the work.
 * Ratios are therefore steadier if all processes share one core. With two cores the figures resemble those over a network.
 */
export const PINNINGS = ["one", "two", "none"] as const;
export type Pinning = (typeof PINNINGS)[number];

/**
 * Pins the servers, this process with all its threads, and the processes that it starts later.
 *
 * @param wanted the default is `one` if the machine has `taskset`, otherwise `none`.
 * @returns the pinning that was applied.
 * @throws Error if the machine cannot do what is wanted.
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
    throw new Error(`--pin two needs two cores, but this process may use ${cores.length}; use --pin one`);
  }
  const serverCore = wanted === "two" ? second : first;
  taskset("-a", "-c", "-p", String(first), String(process.pid));
  for (const { pid } of servers) taskset("-a", "-c", "-p", String(serverCore), String(pid));
  return wanted ?? "one";
}

/** The cores that this process may use, or `undefined` if the machine has no `taskset`. */
function usableCores(): readonly number[] | undefined {
  try {
    return parseCores(taskset("-c", "-p", String(process.pid)));
  } catch {
    return undefined;
  }
}

/** The cores in the output of taskset, such as `pid 4711's current affinity list: 0,2-3`. */
export function parseCores(text: string): readonly number[] {
  const list = text.split(":").at(-1)?.trim() ?? "";
  return list.split(",").flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function taskset(...args: readonly string[]): string {
  return execFileSync("taskset", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
