import type { Bug } from "../bug.ts";

const TESTS = { tests: "packages/quorumlock/test/primitives/tenant.test.ts" };
const REFUSED = { tests: "packages/quorumlock/test/operations/refused-writes.test.ts" };
const TWINS = { tests: "packages/quorumlock/test/operations/quota-twins.test.ts" };

/** Bugs in the locks of tenants. */
export const tenantBugs: readonly Bug[] = [
  {
    name: "a place under the limit that is kept although the lock was refused",
    file: "operations/quota-operations.ts",
    find: "if ((granted === undefined || !isYes(granted)) && !before.isRepeated)",
    replace: "if (granted === undefined && !before.isRepeated)",
    caughtBy: TESTS,
  },
  {
    name: "an upgrade that was refused loses its place under the limit",
    file: "operations/quota-operations.ts",
    find: "for (const { token, slots, deadline } of permits) semaphore.hold(",
    replace: "for (const { token, slots, deadline } of permits.slice(0, 0)) semaphore.hold(",
    caughtBy: TESTS,
  },
  {
    name: "a lock that is released without its place under the limit",
    file: "operations/quota-operations.ts",
    find: "permit = slotsOperations.release.twin(store, quota.keys, quota.args);",
    replace: "permit = quota.args.length > 0 ? 1 : 0;",
    caughtBy: TESTS,
  },
  {
    name: "a lock that is extended without its place under the limit",
    file: "operations/quota-operations.ts",
    find: "const reply = quotaTwin(store, quota.keys, quota.args);",
    replace:
      "const reply = quotaTwin === slotsOperations.extend.twin ? 1 : quotaTwin(store, quota.keys, quota.args);",
    caughtBy: TESTS,
  },
  {
    name: "a lock without its place under the limit of a tenant, in Lua only",
    file: "operations/quota.fast.lua",
    find: "    if not reply then return nil end\n    put('SET'",
    replace: "    if not reply then return nil end\n    call('DEL', KEYS[k])\n    put('SET'",
    caughtBy: TWINS,
  },
  {
    name: "a second holder of a lock of a tenant, in Lua only",
    file: "operations/slots.fast.lua",
    find: "if has_counters and counts and call(",
    replace: "if has_counters and counts and permits > 1 and call(",
    caughtBy: TWINS,
  },
  {
    name: "a release that keeps the lock of a tenant, in Lua only",
    file: "operations/quota.fast.lua",
    find: "put('DEL', lock) end\n",
    replace: "put('DEL', lock) end\n  call('SET', lock, token, 'PX', 9)\n",
    caughtBy: TWINS,
  },
  {
    name: "a lock of a tenant is extended although its place was refused, in Lua only",
    file: "operations/quota.fast.lua",
    find: "then put('PEXPIRE', lock, ttl) end\n    if failed then return failed[1] and failed end",
    replace: "then call('PEXPIRE', lock, ttl) end",
    caughtBy: REFUSED,
  },
  {
    name: "the limit looks like a holder of the name",
    file: "operations/quota.ts",
    find: "if (2 * refusals.filter(isOfQuota).length <= refusals.length) return undefined;",
    replace: "if (2 * refusals.filter(isOfQuota).length <= refusals.length + 1e9) return undefined;",
    caughtBy: TESTS,
  },
  {
    name: "members that give a tenant different places under the limit count together",
    file: "operations/quota.ts",
    find: 'of: (reply) => `${slotsKind.choices!.of(reply)}/${choices?.of(lockReply(reply)) ?? ""}`,',
    replace: 'of: (reply) => `${isYes(reply) ? "" : "no"}/${choices?.of(lockReply(reply)) ?? ""}`,',
    caughtBy: { profile: "tenant" },
  },
];
