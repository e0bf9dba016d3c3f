import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Redlock } from "../../src/index.ts";
import type { TestServer } from "./server-access.ts";
import { eventually, withResolvers } from "./timing.ts";

/** What clients have sent to one server, without what no caller asked for. */
export interface Sent {
  /** The number of script calls. */
  readonly calls: number;
  /** The operations in these calls, in order. */
  readonly operations: readonly string[];
  /** The commands that the server has carried out in these calls, in order and in lower case. */
  readonly commands: readonly string[];
}

/** A script call, or a command without a script. */
interface Entry {
  /** Its place in all that MONITOR has reported. */
  readonly place: number;
  /** The address of the connection. */
  readonly source: string;
  readonly command: string;
  /** Of a script call of the library. */
  readonly operations: readonly string[];
  readonly keys: readonly string[];
  /** The commands in a script, in order. */
  readonly inside: string[];
}

/**
 * Operations that no caller asked for: a client identifies its servers, and it renews now and then the note of the servers that it uses.
 * When it does, the clock decides.
 */
const BACKGROUND = new Set(["identify", "set.note", "marker.replace", "marker.lose"]);
const BARRIER = "count-barrier:";
let barriers = 0;

/**
 * Counts what clients send to servers, from the commands that MONITOR reports. A count has only requests that callers caused, and only
 * those of the clients in question. So neither other clients nor the notes and checks of these clients change it, and it does not depend
 * on time.
 *
 * Use it for clients whose requests do not time out, because a request that timed out is repeated.
 */
export class RequestCounter implements AsyncDisposable {
  readonly #watches: readonly ServerWatch[];

  static async start(servers: readonly TestServer[]): Promise<RequestCounter> {
    return new RequestCounter(await Promise.all(servers.map(({ server }) => ServerWatch.start(server.port))));
  }

  private constructor(watches: readonly ServerWatch[]) {
    this.#watches = watches;
  }

  /** What the clients send to each server during `work`, also if it arrives later. */
  async during(clients: readonly Redlock[], work: () => Promise<unknown>): Promise<readonly Sent[]> {
    const before = await Promise.all(clients.map((client) => this.#settle(client)));
    await work();
    const after = await Promise.all(clients.map((client) => this.#settle(client)));
    return this.#watches.map((watch, index) => {
      const entries = clients.flatMap((_, at) => watch.between(before[at]![index]!, after[at]![index]!));
      return sentIn(entries.toSorted((a, b) => a.place - b.place));
    });
  }

  /** How often each server has carried out a command so far, in scripts and without, whoever asked for it. */
  countsOf(command: string): readonly number[] {
    return this.#watches.map(({ entries }) =>
      entries
        .filter(isAsked)
        .reduce(
          (sum, entry) => sum + [entry.command, ...entry.inside].filter((each) => each === command).length,
          0,
        ),
    );
  }

  /** The operations that each server has carried out so far, whoever asked for them, with those of the background. */
  allOperations(): readonly (readonly string[])[] {
    return this.#watches.map(({ entries }) => entries.flatMap(({ operations }) => operations));
  }

  /**
   * Waits until each server has carried out what the client has sent: a query follows it on the same connection. Returns the place of the
   * query in the entries of each server.
   */
  async #settle(client: Redlock): Promise<readonly number[]> {
    barriers += 1;
    const name = `${BARRIER}${barriers}`;
    // It is not in one call with the requests of this tick.
    await new Promise((resolve) => setImmediate(resolve));
    await client.query(name);
    return Promise.all(this.#watches.map((watch) => watch.placeOf(name)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch.close();
  }
}

/** Waits until the grants of all servers count. A server that is identified later than the others gets fewer requests at first. */
export async function allVote(client: Redlock): Promise<void> {
  await eventually("all servers vote", async () => {
    const { voting, instances } = await client.health();
    return voting === instances.length;
  });
}

interface Barrier {
  readonly place: Promise<number>;
  readonly found: (place: number) => void;
}

/** What MONITOR has reported of a server. It reports each script call before the commands in it. */
class ServerWatch {
  readonly entries: Entry[] = [];
  readonly #socket: Socket;
  /** By their names. */
  readonly #barriers = new Map<string, Barrier>();

  /** It reads the socket itself: ioredis fails if the first report arrives together with the reply to MONITOR. */
  static async start(port: number): Promise<ServerWatch> {
    const socket = connect(port, "127.0.0.1");
    const lines = createInterface({ input: socket });
    const watch = new ServerWatch(socket);
    lines.on("line", (line) => watch.#read(line));
    socket.write("MONITOR\r\n");
    await once(lines, "line");
    return watch;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The place of the call with a barrier. Waits for it. */
  placeOf(barrier: string): Promise<number> {
    return this.#barrier(barrier).place;
  }

  /** What came on a connection between two barriers that were sent on it. */
  between(from: number, to: number): readonly Entry[] {
    const { source } = this.entries[from]!;
    if (this.entries[to]!.source !== source) throw new Error("the client has connected again meanwhile");
    return this.entries.slice(from, to).filter((entry) => entry.source === source);
  }

  /** Reads a report: the time, the database and the connection, and the words of the command. */
  #read(line: string): void {
    const [, source = "", words] = /^\+[\d.]+ \[\d+ (\S+)\] "(.*)"$/.exec(line) ?? [];
    if (words === undefined) return;
    const args = words.split('" "');
    if (source === "lua") this.entries.at(-1)?.inside.push(args[0]!.toLowerCase());
    else this.#add(entryOf(args, source, this.entries.length));
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    const key = entry.keys.find((each) => each.includes(BARRIER));
    if (key !== undefined) this.#barrier(key.slice(key.indexOf(BARRIER))).found(entry.place);
  }

  #barrier(name: string): Barrier {
    const known = this.#barriers.get(name);
    if (known !== undefined) return known;
    const { promise, resolve } = withResolvers<number>();
    const barrier = { place: promise, found: resolve };
    this.#barriers.set(name, barrier);
    return barrier;
  }

  close(): void {
    this.#socket.destroy();
  }
}

function entryOf(args: readonly string[], source: string, place: number): Entry {
  const command = args[0]!.toLowerCase();
  const entry = { place, source, command, operations: [], keys: [], inside: [] };
  if (command !== "eval" && command !== "evalsha") return entry;
  const end = 3 + Number(args[2]);
  return { ...entry, operations: operationsIn(args.slice(end)), keys: args.slice(3, end) };
}

/** The names of the operations in a call, as call.lua reads them. */
function operationsIn(args: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < args.length;) {
    names.push(args[at]!);
    const [length = 0, , own = 0, shared = 0] = args.slice(at + 1, at + 5).map(Number);
    at += 5 + shared + length * own;
  }
  return names;
}

/** Whether a caller caused a command of a client. */
function isAsked({ operations, keys }: Entry): boolean {
  if (operations.length > 0 && operations.every((name) => BACKGROUND.has(name))) return false;
  return !keys.some((key) => key.includes(BARRIER));
}

function sentIn(entries: readonly Entry[]): Sent {
  const calls = entries.filter((entry) => entry.operations.length > 0 && isAsked(entry));
  return {
    calls: calls.length,
    operations: calls.flatMap(({ operations }) => operations.filter((name) => !BACKGROUND.has(name))),
    commands: calls.flatMap(({ inside }) => inside),
  };
}
