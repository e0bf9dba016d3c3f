import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { LeaseWorld } from "../../support/lease-world.ts";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

const manifest = new URL("../../../../../deploy/kubernetes/rbac/lease-lock.yaml", import.meta.url);

it("the role has exactly the rights that a lock uses in its whole life", async () => {
  const world = new LeaseWorld();
  const [a, b] = [world.process("a"), world.process("b")];
  const acquiring = a.acquire();
  await world.clock.advance(100);
  const lock = await acquiring;
  const waiting = b.acquire();
  await world.clock.advance(10_000);
  void lock.release();
  await world.clock.advance(5_000);
  void (await waiting).release();
  void b.lockable.query();
  await world.clock.advance(100);
  const used = new Set(world.requests.map(({ verb }) => verb));

  const [role, binding] = parseAllDocuments(readFileSync(manifest, "utf8")).map(
    (each) => each.toJS() as Role,
  );
  for (const { apiGroups, resources } of role!.rules)
    expect({ apiGroups, resources }).toEqual({ apiGroups: ["coordination.k8s.io"], resources: ["leases"] });
  expect(role!.rules.flatMap(({ verbs }) => verbs).toSorted()).toEqual([...used].toSorted());
  // The name of a new object is no part of its URL, so this verb needs a rule without names.
  expect(role!.rules.find(({ verbs }) => verbs.includes("create"))?.verbs).toEqual(["create"]);
  expect(binding!.roleRef).toMatchObject({ kind: role!.kind, name: role!.metadata.name });
});
