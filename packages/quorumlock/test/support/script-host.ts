import { createHash } from "node:crypto";
import { systemClock } from "../../src/base/clock.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { counters } from "../../src/operations/counters.ts";
import { identifyOperation } from "../../src/operations/identify.ts";
import { markerOperations } from "../../src/operations/marker.ts";
import { mutexOperations } from "../../src/operations/mutex.ts";
import { noteOperation } from "../../src/operations/set-note.ts";
import { perform } from "../../src/operations/perform.ts";
import { type Operation, type Reply, request, type Request } from "../../src/operations/request.ts";

const operations = new Map<string, Operation>(
  [
    identifyOperation,
    noteOperation,
    ...[counters.operations, markerOperations, mutexOperations].flatMap((all) => Object.values(all)),
  ].map((operation) => [operation.name, operation]),
);

/** RESP has no infinite integer. */
const LONG_UPTIME_S = 1_000_000_000;

/** The data of a server, and the scripts that it knows. The twins of the operations take the place of their Lua. */
export class ScriptHost {
  readonly store: MemoryStore;
  readonly #shas = new Set<string>();

  /** `store`: the data, if several servers share them. */
  constructor(store = new MemoryStore(systemClock)) {
    this.store = store;
  }

  load(text: string): void {
    this.#shas.add(createHash("sha1").update(text).digest("hex"));
  }

  knows(sha: string): boolean {
    return this.#shas.has(sha);
  }

  /** Like `SCRIPT FLUSH`. */
  forgetScripts(): void {
    this.#shas.clear();
  }

  /** Runs the requests of a call, and returns the reply of call.lua. */
  run(requests: readonly Request[]): Reply | readonly Reply[] {
    const replies = requests.map((each) => withoutInfinity(perform(this.store, each)));
    return replies.length === 1 ? replies[0]! : replies;
  }
}

/** The requests of a packed call, in order: the opposite of `pack` in script-call.ts. `args`: the number of keys, the keys, and the arguments. */
export function unpack([count = "0", ...rest]: readonly string[]): readonly Request[] {
  const [keys, args] = [rest.slice(0, Number(count)), rest.slice(Number(count))];
  const requests: Request[] = [];
  while (args.length > 0) {
    const [name = "", ...sizes] = args.splice(0, 5);
    const [length = 0, keyCount = 0, ownCount = 0, sharedCount = 0] = sizes.map(Number);
    const shared = args.splice(0, sharedCount);
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`no operation ${JSON.stringify(name)}`);
    for (let each = 0; each < length; each += 1)
      requests.push(request(operation, keys.splice(0, keyCount), [...args.splice(0, ownCount), ...shared]));
  }
  return requests;
}

function withoutInfinity(reply: Reply): Reply {
  if (typeof reply === "number") return reply;
  const [status, ...rest] = reply;
  return [status, ...rest.map((part) => (part === Infinity ? LONG_UPTIME_S : part))];
}
