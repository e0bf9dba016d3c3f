import type { Bug } from "../bug.ts";

const FOLLOWER = { tests: "packages/quorumlock/test/kubernetes/discovery/membership-follower.test.ts" };
const LIST = { tests: "packages/quorumlock/test/kubernetes/discovery/watched-list.test.ts" };
const ENDPOINTS = { tests: "packages/quorumlock/test/kubernetes/discovery/endpoints.test.ts" };
const DISCOVERY = { tests: "packages/quorumlock/test/kubernetes/discovery/discovery.test.ts" };

/** Bugs in the discovery of servers in Kubernetes. */
export const discoveryBugs: readonly Bug[] = [
  {
    name: "a process that has missed a declared change goes to the next set alone",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "const isSafe = confirmed.has(size) || isWithdrawn;",
    replace: "const isSafe = true;",
    caughtBy: FOLLOWER,
  },
  {
    name: "a process completes a change that was declared before it was joint",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "confirmed: new Set(), declared, order, isSwitching: true };",
    replace: "confirmed: new Set([next]), declared, order, isSwitching: true };",
    caughtBy: FOLLOWER,
  },
  {
    name: "a process goes back although others may have gone on",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "if (size !== this.#size) declared.hasOther = true;",
    replace: "",
    caughtBy: FOLLOWER,
  },
  {
    name: "a process goes on although another size was declared alone meanwhile",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "if (!isSafe || [...declared.alone].some((alone) => alone !== size)) {",
    replace: "if (!isSafe) {",
    caughtBy: FOLLOWER,
  },
  {
    name: "a process goes back from a set that decided alone without its counters",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "if (declared.hasOther || error instanceof LockClosedError) throw error;",
    replace: "if (error instanceof LockClosedError) throw error;",
    caughtBy: FOLLOWER,
  },
  {
    name: "a process that is not joint goes to the next set at once",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "      this.#joint = joint;\n      this.#showJoint(joint);",
    replace: "      this.#joint = joint;\n      this.#showJoint(joint);\n      await change.complete();",
    caughtBy: FOLLOWER,
  },
  {
    name: "a failed step of a change is tried again without longer pauses",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "        this.#failures += 1;\n        this.#report(thrown);",
    replace: "        this.#report(thrown);",
    caughtBy: FOLLOWER,
  },
  {
    name: "the preparation of a change that was withdrawn goes on",
    file: "kubernetes/discovery/membership-follower.ts",
    find: "if (!this.#isWanted(preparing.next)) preparing.abort.abort();",
    replace: "",
    caughtBy: FOLLOWER,
  },
  {
    name: "a version that the API server has forgotten is watched again",
    file: "kubernetes/discovery/watched-list.ts",
    find: "if (mustList || this.#failures % FAILURES_PER_VERSION === 0)",
    replace: "if (this.#failures % FAILURES_PER_VERSION === 0)",
    caughtBy: LIST,
  },
  {
    name: "the version of a bookmark is not remembered",
    file: "kubernetes/discovery/watched-list.ts",
    find: 'if (resourceVersion !== undefined) this.#version = resourceVersion;\n    this.#failures = 0;\n    if (type === "BOOKMARK") return;',
    replace:
      'if (type === "BOOKMARK") return;\n    if (resourceVersion !== undefined) this.#version = resourceVersion;\n    this.#failures = 0;',
    caughtBy: LIST,
  },
  {
    name: "a deleted object stays in the list",
    file: "kubernetes/discovery/watched-list.ts",
    find: 'if (type === "DELETED") this.#objects.delete(name);\n    else this.#objects.set(name, object);',
    replace: "this.#objects.set(name, object);",
    caughtBy: LIST,
  },
  {
    name: "only the first page of objects is read",
    file: "kubernetes/discovery/watched-list.ts",
    find: "if (!next) break;",
    replace: "break;",
    caughtBy: DISCOVERY,
  },
  {
    name: "a server that ends each watch at once is asked again at once",
    file: "kubernetes/discovery/watched-list.ts",
    find: "      await ended;\n      // A server that ends each watch at once must not be asked again at once.\n      this.#failures += 1;",
    replace: "      await ended;",
    caughtBy: LIST,
  },
  {
    name: "an ordinal moves to one of two pods that both run",
    file: "kubernetes/discovery/endpoints.ts",
    find: "  if (new Set(ready.map(({ uid }) => uid)).size > 1) {",
    replace: "  if (false) {",
    caughtBy: ENDPOINTS,
  },
  {
    name: "an ordinal moves to a pod that terminates",
    file: "kubernetes/discovery/endpoints.ts",
    find: "prefer(candidates, ({ isTerminating }) => !isTerminating)",
    replace: "prefer(candidates, () => true)",
    caughtBy: ENDPOINTS,
  },
  {
    name: "pods of two sets of servers share an ordinal",
    file: "kubernetes/discovery/endpoints.ts",
    find: "  if (names.length > 1) {",
    replace: "  if (false) {",
    caughtBy: ENDPOINTS,
  },
  {
    name: "services that declare different sizes are not noticed",
    file: "kubernetes/discovery/declared-size.ts",
    find: "if (declared !== undefined && !isSameSize(declared, read))",
    replace: 'if (declared !== undefined && !isSameSize(declared, read) && name === "")',
    caughtBy: DISCOVERY,
  },
];
