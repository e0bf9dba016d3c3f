import { expect } from "vitest";
import type { ScriptRunner } from "../../src/instances/script-runner.ts";
import { FAILED, type Reply } from "../../src/operations/request.ts";
import { COMPLETE } from "./history-steps.ts";
import { holdsIn, readAll, type Stored } from "./holds-in-keys.ts";
import type { LockSubject } from "./lock-subjects.ts";
import { admin, ofAdmin, type Refusal } from "./refusals.ts";

/** No two of them are alike, so what a request has to write does not depend on the millisecond in which it comes. */
const TTL_MS = 1_000_000;
const NEWCOMER_MS = 5_000_000;
/** Longer than the keys of holders last that are not the newest, and this is up to twice the ttl. */
const LONGER_MS = 3_000_000;
/** Whoever asks for a lock that others may hold. */
const NEWCOMER = "d";

export interface Action {
  readonly what: "acquire" | "extend" | "release";
  readonly token: string;
  readonly ttlMs: number;
}

interface Grant {
  readonly fence: number;
  readonly slots: string;
}

function isFailed(reply: Reply): boolean {
  return typeof reply !== "number" && reply[0] === FAILED;
}

function grantOf(reply: Reply): Grant {
  if (typeof reply === "number") return { fence: Math.abs(reply), slots: "" };
  expect(reply[0]).toBe(1);
  return { fence: Number(reply[1]), slots: String(reply[2] ?? "") };
}

function listOf(slots: string): readonly number[] {
  return slots
    .split(" ")
    .filter((run) => run !== "")
    .flatMap((run) => {
      const [from = 0, to = from] = run.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

/** What a server promised, checked against what it grants later. */
class Ledger {
  readonly #subject: LockSubject;
  readonly #fences = new Map<number, number>();
  readonly holders = new Map<string, Grant>();

  constructor(subject: LockSubject) {
    this.#subject = subject;
  }

  get isFull(): boolean {
    return this.holders.size >= this.#subject.limit;
  }

  /** Checks that a new grant has its own slots, and a larger fencing token than each earlier grant of them. */
  grant(token: string, grant: Grant): void {
    const slots = listOf(grant.slots);
    for (const [other, { slots: taken }] of this.holders) {
      if (other !== token) expect(listOf(taken).filter((slot) => slots.includes(slot))).toEqual([]);
    }
    // The locks of a tenant have one counter, whatever their places are.
    const counters = this.#subject.places === 1 && slots.length > 0 ? slots : [-1];
    for (const counter of counters) {
      const last = this.#fences.get(counter) ?? 0;
      expect(grant.fence).toBeGreaterThanOrEqual(last + (this.#subject.counts ? 1 : 0));
      this.#fences.set(counter, grant.fence);
    }
    this.holders.set(token, grant);
  }
}

/** Requests in one state while a server refuses writes. */
export class Scene {
  readonly #subject: LockSubject;
  readonly #state: string;
  readonly #refusal: Refusal;

  constructor(subject: LockSubject, state: string, refusal: Refusal) {
    this.#subject = subject;
    this.#state = state;
    this.#refusal = refusal;
  }

  /** Makes the state while the server writes. */
  async #prepare(): Promise<Ledger> {
    await admin.flushall();
    await admin.set("lock:~server", COMPLETE);
    const ledger = new Ledger(this.#subject);
    for (const step of this.#state.split(" ").filter((each) => each !== "")) {
      const token = step.slice(1);
      if (step.startsWith("+"))
        ledger.grant(token, grantOf(await this.#ask(ofAdmin, ledger, "acquire", token)));
      else {
        expect(await this.#ask(ofAdmin, ledger, "release", token)).toBe(1);
        ledger.holders.delete(token);
      }
    }
    return ledger;
  }

  async #ask(
    runner: ScriptRunner,
    ledger: Ledger,
    what: Action["what"],
    token: string,
    ttlMs = TTL_MS,
  ): Promise<Reply> {
    const [reply] = await runner.run([this.#requestOf(ledger, { what, token, ttlMs })]);
    return reply!;
  }

  #requestOf(ledger: Ledger, { what, token, ttlMs }: Action) {
    const slots = ledger.holders.get(token)?.slots ?? "";
    if (what === "acquire") return this.#subject.acquire(token, ttlMs);
    return what === "extend"
      ? this.#subject.extend(token, slots, ttlMs)
      : this.#subject.release(token, slots);
  }

  /** The requests that are of interest in the state. */
  async actions(): Promise<readonly Action[]> {
    const ledger = await this.#prepare();
    const acquire = { what: "acquire", token: NEWCOMER, ttlMs: NEWCOMER_MS } as const;
    const ofHolders = [...ledger.holders.keys()].flatMap((token): readonly Action[] => [
      { what: "acquire", token, ttlMs: LONGER_MS },
      { what: "extend", token, ttlMs: LONGER_MS },
      { what: "release", token, ttlMs: 0 },
    ]);
    return [...(ledger.isFull ? [] : [acquire]), ...ofHolders];
  }

  /** Pairs of such requests with different tokens, in both orders. */
  async pairs(): Promise<readonly (readonly [Action, Action])[]> {
    const all = await this.actions();
    const some = all.filter(({ what, token }) => what !== "acquire" || token === NEWCOMER);
    return some.flatMap((first) =>
      some.filter(({ token }) => token !== first.token).map((second) => [first, second] as const),
    );
  }

  /** Whether the server must carry the request out, alone in its call; `undefined` if it may. */
  mustBeDone({ what, token }: Action): boolean | undefined {
    const { isOfAll, isOfMemory } = this.#refusal;
    if (!isOfAll) return undefined;
    if (what === "release") return isOfMemory === true;
    // An extension and a shared lock beside others can begin with a command that needs no memory.
    const needsMemory = what === "acquire" && token === NEWCOMER && this.#subject.counts;
    return isOfMemory !== true || needsMemory ? false : undefined;
  }

  /**
   * Carries requests of different tokens out in calls while the server refuses writes, and checks what they leave. Returns whether
   * each was confirmed.
   */
  async play(...calls: readonly (readonly Action[])[]): Promise<readonly boolean[]> {
    const actions = calls.flat();
    const ledger = await this.#prepare();
    await this.#refusal.begin();
    const before = await readAll(admin);
    const [seconds] = await admin.time();
    const replies: Reply[] = [];
    for (const call of calls) {
      const requests = call.map((action) => this.#requestOf(ledger, action));
      replies.push(...(await this.#refusal.runner.run(requests)));
    }
    const after = await readAll(admin);
    await this.#refusal.end();
    const done = replies.map((reply) => !isFailed(reply));
    actions.forEach((action, index) => {
      if (done[index]) this.#checkDone(action, replies[index]!, after, Number(seconds) * 1_000);
    });
    if (this.#refusal.isOfAll) this.#checkNotDone(actions, done, before, after);
    await this.#checkLater(ledger, actions, replies);
    return done;
  }

  /** What was confirmed is in the keys. */
  #checkDone({ what, token, ttlMs }: Action, reply: Reply, after: Stored, sinceMs: number): void {
    const held = holdsIn(after).filter((hold) => hold.token === token);
    if (what === "release") {
      expect([reply, held]).toEqual([1, []]);
      return;
    }
    expect(held).toHaveLength(this.#subject.places);
    for (const { untilMs } of held) expect(untilMs).toBeGreaterThanOrEqual(sinceMs + ttlMs);
    const { slots } = grantOf(reply);
    if (what === "acquire" && slots !== "")
      expect(held.map((hold) => hold.slots).filter((each) => each !== "")).toEqual([slots]);
  }

  /** Requests that failed have written nothing, because the server refused their first write. */
  #checkNotDone(actions: readonly Action[], done: readonly boolean[], before: Stored, after: Stored): void {
    if (!done.includes(true)) expect(after).toEqual(before);
    const failed = new Set(actions.filter((_, index) => !done[index]).map(({ token }) => token));
    const holdsOfFailed = (stored: Stored) => holdsIn(stored).filter(({ token }) => failed.has(token));
    expect(holdsOfFailed(after)).toEqual(holdsOfFailed(before));
  }

  /** Takes back what failed and asks for all that is free, once the server writes again. */
  async #checkLater(ledger: Ledger, actions: readonly Action[], replies: readonly Reply[]): Promise<void> {
    for (const [index, { what, token }] of actions.entries()) {
      const isDone = !isFailed(replies[index]!);
      if (isDone && what === "acquire") {
        const grant = grantOf(replies[index]!);
        const held = ledger.holders.get(token);
        // A holder that asks again keeps what it has.
        if (held === undefined) ledger.grant(token, grant);
        else expect([grant.slots, grant.fence >= held.fence]).toEqual([held.slots, true]);
      } else if (!isDone && what !== "extend" && !(what === "acquire" && ledger.holders.has(token))) {
        const again = await this.#ask(ofAdmin, ledger, "release", token);
        expect(typeof again).toBe("number");
        if (this.#refusal.isOfAll) expect(again).toBe(what === "release" ? 1 : 0);
      }
      if (what === "release") ledger.holders.delete(token);
    }
    const attempts = Math.min(this.#subject.limit, 5) + 1;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const token = `later${attempt}`;
      const reply = await this.#ask(ofAdmin, ledger, "acquire", token);
      if (typeof reply === "number" || reply[0] === 1) ledger.grant(token, grantOf(reply));
      else expect(reply[0]).toBe(0);
    }
    const { limit } = this.#subject;
    if (limit === Infinity) return;
    expect(ledger.holders.size).toBeLessThanOrEqual(limit);
    if (this.#refusal.isOfAll) expect(ledger.holders.size).toBe(limit);
  }
}
