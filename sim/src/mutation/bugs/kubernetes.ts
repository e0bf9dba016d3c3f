import type { Bug } from "../bug.ts";

const LEASE_LOCK = { tests: "packages/quorumlock/test/kubernetes/lease/lease-lock.test.ts" };
const SCHEDULES = { tests: "packages/quorumlock/test/kubernetes/lease/schedules.test.ts" };

/** Bugs in the lock on a Lease of Kubernetes. */
export const kubernetesBugs: readonly Bug[] = [
  {
    name: "a taker of a Lease compares its renewTime with the wall clock",
    file: "kubernetes/lease/observation.ts",
    find: "return this.takeableAt - this.#clock.monotonic();",
    replace:
      "return Date.parse(String(this.#record.object.spec?.renewTime)) + (this.#record.durationMs ?? 0) - this.#clock.wall();",
    caughtBy: SCHEDULES,
  },
  {
    name: "a taker of a Lease goes on counting after the holder has renewed it",
    file: "kubernetes/lease/observation.ts",
    find: "if (record.version !== this.#record?.version) this.#since",
    replace: "if (record.holder !== this.#record?.holder) this.#since",
    caughtBy: SCHEDULES,
  },
  {
    name: "a taker of a Lease waits for its own ttl, not for that of the holder",
    file: "kubernetes/lease/observation.ts",
    find: "(this.#record?.durationMs ?? this.#defaultDurationMs)",
    replace: "this.#defaultDurationMs",
    caughtBy: LEASE_LOCK,
  },
  {
    name: "the lease of a new holder of a Lease begins with the reply",
    file: "kubernetes/lease/lease-acquisition.ts",
    find: "if (lease.remainingMs(clock) > 0) return this.#succeed(reply.record, lease);",
    replace:
      "if (lease.validMs > 0) return this.#succeed(reply.record, new Lease(clock, ttlMs, options.driftFactor));",
    caughtBy: LEASE_LOCK,
  },
  {
    name: "the lease of an extended Lease begins with the reply",
    file: "kubernetes/lease/held-record.ts",
    find: 'return { kind: "renewed", lease };',
    replace: 'return { kind: "renewed", lease: lease && new Lease(clock, ttlMs, options.driftFactor) };',
    caughtBy: LEASE_LOCK,
  },
  {
    name: "an acquisition takes the record of any acquisition of its process for its own",
    file: "kubernetes/lease/lease-acquisition.ts",
    find: "const isOurs = record?.holder === this.#token;\n      const canTake",
    replace:
      "const isOurs = record?.holder.endsWith(this.#options.tokenSuffix) === true;\n      const canTake",
    caughtBy: LEASE_LOCK,
  },
  {
    name: "a shorter ttl shortens the record of a Lease before the extension is confirmed",
    file: "kubernetes/lease/lease-record.ts",
    find: "wholeSeconds(Math.max(ttlMs, record.durationMs ?? 0))",
    replace: "wholeSeconds(ttlMs)",
    caughtBy: LEASE_LOCK,
  },
  {
    name: "a released Lease keeps its fencing token for the next holder",
    file: "kubernetes/lease/lease-record.ts",
    find: "const fence = Math.max(transitions, createdAtS) + 1;",
    replace: "const fence = Math.max(transitions, createdAtS + 1);",
    caughtBy: SCHEDULES,
  },
  {
    name: "an extension that is confirmed after the end of the lease revives the lock on a Lease",
    file: "kubernetes/lease/held-lease.ts",
    find: '    this.#checkHeld("its lease ended during the extension", "it was released meanwhile");\n',
    replace: "",
    caughtBy: LEASE_LOCK,
  },
  {
    name: "a write of a Lease is tried again with the latest version, whoever has it",
    file: "kubernetes/lease/held-record.ts",
    find: "if (reply.record.holder === this.#token) {",
    replace: 'if (reply.record.holder !== "") {',
    caughtBy: LEASE_LOCK,
  },
  {
    name: "a lost lock on a Lease releases the record of its next holder",
    file: "kubernetes/lease/held-record.ts",
    find: 'if (reply.kind === "done") observation.see(reply.record);',
    replace: 'if (reply.kind === "done") observation.see((this.#record = reply.record));',
    caughtBy: LEASE_LOCK,
  },
];
