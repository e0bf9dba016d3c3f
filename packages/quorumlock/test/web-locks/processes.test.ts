import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { bundledProgram } from "../support/bundled-program.ts";
import { ports, testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";
import type { Message, Order } from "../support/web-locks-process.ts";

// Web locks of processes on three servers.

/** A process that is not meant to lose a lock keeps it also if the machine pauses. */
const TTL_MS = 30_000;
/** The ttl of holders that are killed or robbed. The next holder waits for about that time. */
const SHORT_TTL_MS = 10_000;
const servers = await testServers(3);
const start = await bundledProgram(new URL("../support/web-locks-process.ts", import.meta.url));

/** A process with web locks. */
class Process {
  readonly #child: ChildProcess;
  readonly messages: Message[] = [];

  constructor(ttlMs: number) {
    this.#child = start([ttlMs, ...ports(servers)].map(String));
    this.#child.on("message", (message: Message) => void this.messages.push(message));
  }

  send(order: Order): void {
    this.#child.send(order);
  }

  request(key: string, name: string, options: object = {}): void {
    this.send({ key, request: name, options });
  }

  release(key: string): void {
    this.send({ key, release: true });
  }

  about(key: string): readonly Message[] {
    return this.messages.filter((message) => message.key === key);
  }

  async waitFor<M>(key: string, field: string): Promise<M> {
    const find = (): Message | undefined => this.about(key).find((message) => field in message);
    await eventually(`${key}: ${field}`, () => find() !== undefined);
    return (find() as unknown as Record<string, M>)[field]!;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    await exited;
  }
}

interface Held {
  readonly fence: number;
}

const [one, two] = [new Process(TTL_MS), new Process(TTL_MS)];
const [killed, robbed] = [new Process(SHORT_TTL_MS), new Process(SHORT_TTL_MS)];
afterAll(() => Promise.all([one, two, killed, robbed].map((each) => each.stop())));

test("exclude each other and share, in the modes of the standard", async () => {
  one.request("first", "exclusive");
  const { fence } = await one.waitFor<Held>("first", "granted");
  two.request("try", "exclusive", { ifAvailable: true });
  expect(await two.waitFor("try", "granted")).toBeNull();
  two.request("second", "exclusive");
  two.request("free", "free", { ifAvailable: true });
  expect(await two.waitFor("free", "granted")).not.toBeNull();
  expect(two.about("second")).toEqual([]);
  one.release("first");
  await one.waitFor("first", "resolved");
  expect((await two.waitFor<Held>("second", "granted")).fence).toBeGreaterThan(fence);

  one.request("reader", "shared", { mode: "shared" });
  two.request("reader", "shared", { mode: "shared" });
  await Promise.all([one, two].map((each) => each.waitFor("reader", "granted")));
  one.request("writer", "shared");
  two.request("try writer", "shared", { ifAvailable: true });
  expect(await two.waitFor("try writer", "granted")).toBeNull();
  expect(one.about("writer")).toEqual([]);
  for (const each of [one, two]) each.release("reader");
  await one.waitFor("writer", "granted");
  one.release("writer");
  two.release("second");
  two.release("free");
  await Promise.all([one.waitFor("writer", "resolved"), two.waitFor("second", "resolved")]);
});

// These two wait for a ttl, so they run side by side.
test.concurrent("pass the lock on when a process is killed", async () => {
  killed.request("holder", "killed");
  await killed.waitFor("holder", "granted");
  one.request("waiting", "killed");
  killed.kill();
  await one.waitFor("waiting", "granted");
  one.release("waiting");
  await one.waitFor("waiting", "resolved");
});

test.concurrent("steal from each other: the former holder is rejected and aborted, and those that wait go on later", async () => {
  robbed.request("robbed", "stolen");
  const { fence } = await robbed.waitFor<Held>("robbed", "granted");
  robbed.request("later", "stolen");
  two.request("thief", "stolen", { steal: true });
  expect((await two.waitFor<Held>("thief", "granted")).fence).toBeGreaterThan(fence);
  expect(await robbed.waitFor("robbed", "rejected")).toBe("AbortError");
  expect(await robbed.waitFor("robbed", "aborted")).toBe("AbortError");
  expect(robbed.about("later")).toEqual([]);
  expect(two.about("thief")).toHaveLength(1);
  two.release("thief");
  await two.waitFor("thief", "resolved");
  await robbed.waitFor("later", "granted");
  robbed.release("later");
  await robbed.waitFor("later", "resolved");
});

test("see each other's locks: query shows a deadlock", async () => {
  one.request("a", "a");
  two.request("b", "b", { mode: "shared" });
  await Promise.all([one.waitFor("a", "granted"), two.waitFor("b", "granted")]);
  one.request("wait", "b");
  two.request("wait", "a");
  interface State {
    readonly held: readonly { readonly name: string; readonly mode?: string; readonly clientId: string }[];
    readonly pending: State["held"];
  }
  let queries = 0;
  const stateOf = async (each: Process): Promise<State> => {
    const key = `query ${(queries += 1)}`;
    each.send({ key, query: ["a", "b"] });
    return each.waitFor<State>(key, "state");
  };
  const isComplete = async (each: Process): Promise<boolean> => (await stateOf(each)).pending.length === 2;
  await eventually("each sees both", async () => (await isComplete(one)) && (await isComplete(two)));
  for (const each of [one, two]) {
    const { held, pending } = await stateOf(each);
    const holderOf = (name: string): string => held.find((info) => info.name === name)!.clientId;
    const waiterOf = (name: string): string => pending.find((info) => info.name === name)!.clientId;
    expect(held.map(({ name, mode }) => `${name} ${mode}`).toSorted()).toEqual(["a exclusive", "b shared"]);
    expect(holderOf("a")).not.toBe(holderOf("b"));
    expect([waiterOf("a"), waiterOf("b")]).toEqual([holderOf("b"), holderOf("a")]);
  }
});
