import assert from "node:assert/strict";
import { systemClock } from "../base/clock.ts";
import { type InstanceSource, toInstances } from "../instances/sources.ts";
import type { Instance } from "../instances/port.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { formatMarker, replaceMarker } from "../operations/marker.ts";
import { mutexKind } from "../operations/mutex.ts";
import { type ReplyList, type Request, YES } from "../operations/request.ts";

/** One kind of instance under test. All its connections lead to the same server. */
export interface ConformanceSubject {
  /** Opens a new connection to the server. `Redlock` must accept the result. */
  connect(): Promise<InstanceSource> | InstanceSource;
  /** Writes a key without an expiry, directly on the server. */
  write(key: string, value: string): unknown;
  /** Milliseconds until a key expires. −1 if it has no expiry, −2 if it is missing. */
  remaining(key: string): Promise<number> | number;
  /** Whether the instance can subscribe. If not, the suite checks that it says so. @default true */
  readonly hasSubscriptions?: boolean;
}

export const TTL_MS = 10_000;

/** A name that a case locks, and its keys. */
export interface TestName {
  readonly name: string;
  readonly prefix: string;
  readonly lock: string;
  readonly fence: string;
  readonly wake: string;
}

export function testName(name: string, prefix = ""): TestName {
  const keys = keySpaceOf(prefix);
  return { name, prefix, lock: keys.lock(name), fence: keys.fence(name), wake: keys.wake(name) };
}

function ownerOf([first]: readonly TestName[], token: string, fence = 0) {
  return { token, prefix: first?.prefix ?? "", fence, isWithdrawn: false };
}

function namesOf(resources: readonly TestName[]): readonly string[] {
  return resources.map(({ name }) => name);
}

export function acquire(
  resources: readonly TestName[],
  token: string,
  ttlMs = TTL_MS,
  waiter?: string,
): Request {
  return mutexKind.acquire(namesOf(resources), ownerOf(resources, token), ttlMs, waiter);
}

export function commit(resources: readonly TestName[], token: string, fence: number): Request {
  return mutexKind.commit(namesOf(resources), ownerOf(resources, token), fence);
}

export function extend(resources: readonly TestName[], token: string, ttlMs: number, fence: number): Request {
  return mutexKind.extend(namesOf(resources), ownerOf(resources, token, fence), ttlMs);
}

export function release(resources: readonly TestName[], token: string, client = ""): Request {
  return mutexKind.release(namesOf(resources), ownerOf(resources, token), client);
}

type ThreeNames = readonly [TestName, TestName, TestName];

/** Opens instances of the subject, and closes them after the case. */
export class TestBed {
  readonly #subject: ConformanceSubject;
  readonly #opened: Instance[] = [];

  constructor(subject: ConformanceSubject) {
    this.#subject = subject;
  }

  get hasSubscriptions(): boolean {
    return this.#subject.hasSubscriptions !== false;
  }

  write(key: string, value: string): unknown {
    return this.#subject.write(key, value);
  }

  remaining(key: string): Promise<number> | number {
    return this.#subject.remaining(key);
  }

  async connect(): Promise<Instance> {
    const [instance] = toInstances([await this.#subject.connect()]);
    assert.ok(instance);
    this.#opened.push(instance);
    return instance;
  }

  async open(): Promise<{
    instance: Instance;
    resource: TestName;
    resources: ThreeNames;
    stem: string;
  }> {
    const instance = await this.connect();
    await noteFirstUse(instance, "");
    // All names share one hash tag, so that they are in the same slot of a cluster.
    const stem = `{conformance-${systemClock.randomToken()}}`;
    const resources: ThreeNames = [testName(`${stem}a`), testName(`${stem}b`), testName(`${stem}c`)];
    return { instance, resource: resources[0], resources, stem };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((instance) => instance.close()));
  }
}

/** Notes that the server has not lost anything, as a client does when it first uses it. */
export async function noteFirstUse(instance: Instance, prefix: string): Promise<void> {
  const marker = formatMarker({
    state: "complete",
    runId: "",
    replicationId: "",
    id: "conformance",
    source: "first-use",
    floor: 1_000,
  });
  await send(instance, replaceMarker(keySpaceOf(prefix).marker, "", marker));
}

export async function send(instance: Instance, request: Request): Promise<ReplyList> {
  const [reply] = await sendAll(instance, [request]);
  assert.ok(reply);
  return reply;
}

export async function sendAll(
  instance: Instance,
  requests: readonly Request[],
): Promise<readonly ReplyList[]> {
  const replies = await instance.run(requests);
  return replies.map((reply) => (typeof reply === "number" ? [YES, reply] : reply));
}
