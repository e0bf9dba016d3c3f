import { formatValue } from "../../base/check-value.ts";
import { checkNames } from "../../base/names.ts";
import { driftAllowance } from "../../base/options.ts";
import { checkSource, MAX_INSTANCES } from "../../instances/sources.ts";
import { checkKeyName } from "../../operations/keys.ts";
import { MESSAGES } from "./errors.ts";
import type { RedlockClient } from "./stats.ts";

/** The part of a lock that a caller needs to extend and release it. */
export interface DescribedLock {
  readonly resources: unknown;
  readonly value: string;
}

/** @throws TypeError if scripts are given. */
export function refuseScripts(scripts: unknown): void {
  const given = typeof scripts === "object" && scripts !== null ? Object.entries(scripts) : [];
  const name = given.find(([, script]) => script !== undefined)?.[0];
  const isNone = scripts === undefined || (typeof scripts === "object" && name === undefined);
  if (isNone) return;
  throw new TypeError(
    `scripts${name === undefined ? "" : `.${name}`}: scripts cannot be replaced, because the library sends its own; ` +
      "remove the third argument, and do what the script did beside the lock with a call of its own",
  );
}

/** The clients, each once. @throws Error if there are none. TypeError if they are no list of clients. */
export function checkClients(clients: unknown): readonly RedlockClient[] {
  if (typeof clients !== "object" || clients === null || !(Symbol.iterator in clients)) {
    const hint = typeof clients === "object" ? "; use new Redlock([client])" : "";
    throw new TypeError(`clients: ${formatValue(clients)} must be an array of clients${hint}`);
  }
  const list = [...new Set(clients as Iterable<RedlockClient>)];
  if (list.length === 0) throw new Error(MESSAGES.noClients);
  const text = list.findIndex((client) => typeof client === "string");
  if (text >= 0)
    throw new TypeError(
      `clients[${text}]: a string is no client; make one, such as \`new Redis(url)\` of ioredis`,
    );
  if (list.length > MAX_INSTANCES)
    throw new RangeError(`clients: ${list.length} are too many; use at most ${MAX_INSTANCES}`);
  list.forEach((client, index) => checkClient(client, `clients[${index}]`));
  return list;
}

function checkClient(client: RedlockClient, field: string): void {
  if (typeof client === "object" && client !== null && "internal_send_command" in client)
    throw new TypeError(
      `${field}: a client of redis 2 or 3 answers by callbacks; use redis 4 or later, or ioredis`,
    );
  try {
    checkSource(client, field);
  } catch (error) {
    // The prefix is an option of other classes of the library.
    if (error instanceof Error)
      error.message = error.message
        .replace("set the `prefix` of Redlock instead", "put the prefix in front of each resource")
        .replace(", a URL or an Instance", " or an Instance");
    throw error;
  }
}

/** The names, sorted. @throws TypeError, RangeError for resources that cannot be locked. */
export function checkResources(resources: unknown): readonly string[] {
  if (!Array.isArray(resources)) {
    const hint = typeof resources === "string" ? `; use [${JSON.stringify(resources)}]` : "";
    throw new TypeError(`resources: ${formatValue(resources)} must be an array of strings${hint}`);
  }
  const names = checkNames(resources as readonly string[], "resources");
  for (const name of names) checkKeyName(name, "resources");
  return names;
}

/** @throws Error, RangeError if the duration is no whole number above the allowance for clock drift. */
export function checkDuration(duration: unknown, driftFactor: number): void {
  if (!Number.isSafeInteger(duration)) throw new Error(MESSAGES.duration);
  const allowance = driftAllowance(Number(duration), driftFactor);
  if (Number(duration) <= allowance)
    throw new RangeError(
      `duration: ${Number(duration)} ms must be above the allowance for clock drift, ${Math.max(2, allowance)} ms; use a longer duration`,
    );
}

/** @throws TypeError if it is no lock. */
export function checkLock(lock: unknown): DescribedLock {
  const { resources, value } = (lock ?? {}) as Partial<DescribedLock>;
  if (resources !== undefined && typeof value === "string" && value !== "") return { resources, value };
  // The value of a lock is secret, and so may be a text that is given instead of the lock.
  const found = typeof lock === "string" ? "a string" : formatValue(lock);
  throw new TypeError(
    `lock: ${found} must be a Lock, as \`acquire\` returns it, with its resources and its value`,
  );
}
