import type { Bug } from "../bug.ts";

/** Bugs in the client, changes of its members, and connections. */
export const clientBugs: readonly Bug[] = [
  {
    name: "the members that a check found healthy decide alone",
    file: "client/health-monitor.ts",
    find: "const lostAt = this.#lostAt;",
    replace:
      "const lostAt = this.#lostAt;\n    const healthy = list.filter(({ health }) => health.isVoting);\n    if (healthy.length > 0) this.#client.members.setVoters(healthy.map(({ member }) => member));",
    caughtBy: { profile: "health" },
  },
  {
    name: "background checks end after the first one",
    file: "client/health-monitor.ts",
    find: "        if (!this.#isClosed) this.#resolveAddresses(list);\n      }\n",
    replace: "        if (!this.#isClosed) this.#resolveAddresses(list);\n        return;\n      }\n",
    caughtBy: { profile: "outage" },
  },
  {
    name: "a client that is not used is checked",
    file: "client/health-monitor.ts",
    find: "    if (isInUse) {",
    replace: "    if (isInUse || this.#options !== undefined) {",
    caughtBy: { tests: "packages/quorumlock/test/client/health-checks.test.ts" },
  },
  {
    name: "the resolver is called without a pause",
    file: "client/address-resolution.ts",
    find: "    const isDue = silentMs >= options.resolveAfterMs && clock.monotonic() >= this.#readyAt;",
    replace: "    const isDue = silentMs >= options.resolveAfterMs;",
    caughtBy: { tests: "packages/quorumlock/test/client/health-checks.test.ts" },
  },
  {
    name: "a withdrawn request is sent again after the script was missing",
    file: "instances/script-runner.ts",
    find: "const valid = requests.filter(({ owner }) => !owner.isWithdrawn);",
    replace: "const valid = requests;",
    caughtBy: {},
  },
  {
    name: "a change of the members does not wait for locks of the old majority",
    file: "client/reconfiguration.ts",
    find: "      await this.#until(() => !heldLocks.hasOutdated, Infinity);\n",
    replace: "",
    caughtBy: { profile: "change" },
  },
  {
    name: "a change of the members does not carry over the fencing counters",
    file: "client/reconfiguration.ts",
    find: "(await carryCounters(source, target, this.#context)) ??",
    replace:
      "((await source) === target ? await carryCounters(source, target, this.#context) : undefined) ??",
    caughtBy: { profile: "change" },
  },
  {
    name: "the way back from a change of the members does not carry the fencing counters",
    file: "client/reconfiguration.ts",
    find: 'if (carryBack && this.#state === "joint") await this.#carryCounters(this.#next, this.#old);',
    replace: "void carryBack;",
    caughtBy: { profile: "change-back" },
  },
  {
    name: "a client of node-redis that was closed and connected again is not identified again",
    file: "instances/node-redis.ts",
    find: "      listenShared(client, closed, onClosed),\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/integration/reconnection.test.ts" },
  },
  {
    name: "a connection that is replaced without a break is not noticed",
    file: "instances/connection.ts",
    find: "    if (this.#isOpen) this.#listener.onDisconnected",
    replace: "    if (false) this.#listener.onDisconnected",
    caughtBy: { tests: "packages/quorumlock/test/instances/connection.test.ts" },
  },
  {
    name: "a client that was made in the middle of a change carries no counters",
    file: "client/reconfiguration.ts",
    find: '    if (this.#state === "joint") {\n      this.#carrying',
    replace: '    if (this.#state === "joint" && this.#added !== undefined) {\n      this.#carrying',
    caughtBy: { tests: "packages/quorumlock/test/client/carried-counters.test.ts" },
  },
  {
    name: "small steps of the wall clock are not noticed",
    file: "client/client.ts",
    find: "leadMs > this.#wallLeadMs + 1;",
    replace: "leadMs > this.#wallLeadMs + 1_000;",
    caughtBy: { tests: "packages/quorumlock/test/holding/clock-steps.test.ts" },
  },
  {
    name: "a step of the wall clock back and forth is not noticed",
    file: "client/client.ts",
    find: "hasStepped ? leadMs : Math.min(this.#wallLeadMs, leadMs);",
    replace: "Math.max(this.#wallLeadMs, leadMs);",
    caughtBy: { tests: "packages/quorumlock/test/holding/clock-steps.test.ts" },
  },
  {
    name: "a change of the members keeps its listener on the signal",
    file: "client/reconfiguration.ts",
    find: '        signal?.removeEventListener("abort", wake);\n',
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/acquiring/leftovers.test.ts" },
  },
  {
    name: "a step of the wall clock after the start of a lease is compared with an older reading",
    file: "client/client.ts",
    find: "this.#wallLeadMs = Math.min(this.#wallLeadMs, wall - monotonic);",
    replace: "void [monotonic, wall];",
    caughtBy: { tests: "packages/quorumlock/test/holding/clock-steps.test.ts" },
  },
];
