import type { Check } from "../check.ts";
import type { Facts, NodeFacts, ServerFacts } from "../facts.ts";
import type { Problem } from "../finding.ts";

/** How each server is configured. */
export const SETTINGS_CHECKS: readonly Check[] = [
  { code: "QL106", find: (facts) => eachNode(facts, replica) },
  { code: "QL107", find: (facts) => eachNode(facts, evicting) },
  { code: "QL108", find: (facts) => eachNode(facts, clusterNode) },
  { code: "QL115", find: forgetful },
  { code: "QL116", find: untested },
];

/** The oldest and the newest major version on which the tests of the library have passed: docs/verification.md has the exact ones. */
const TESTED = { redis: { from: 7, to: 8 }, valkey: { from: 9, to: 9 } } as const;
/** Valkey before its first tested version is Redis 7.2 under another name. */
const OLDEST_VALKEY = 7;

function eachNode(
  { servers }: Facts,
  find: (server: ServerFacts, node: NodeFacts) => Problem | undefined,
): readonly Problem[] {
  return servers.flatMap((server) => server.nodes.flatMap((node) => find(server, node) ?? []));
}

function replica(_server: ServerFacts, { label, info }: NodeFacts): Problem | undefined {
  if (info?.role === undefined || info.role === "master") return undefined;
  const primary = info.primary === undefined ? "its primary" : `its primary ${info.primary}`;
  return {
    subject: label,
    cause: `${label} is a replica of ${primary}. It grants no lock, and a promotion forgets the latest ones.`,
    remedy: `List ${primary} instead, if it is not listed yet. Each entry must be an independent primary.`,
  };
}

function evicting(_server: ServerFacts, { label, cli, info }: NodeFacts): Problem | undefined {
  const policy = info?.evictionPolicy;
  if (policy === undefined || policy === "noeviction") return undefined;
  return {
    subject: label,
    cause: `${label} evicts keys: maxmemory-policy is ${policy}. Two can hold one lock.`,
    remedy: "Set the policy, and write it to the server's configuration.",
    commands: [`${cli} CONFIG SET maxmemory-policy noeviction`, `${cli} CONFIG REWRITE`],
  };
}

function clusterNode({ isCluster }: ServerFacts, { label, info }: NodeFacts): Problem | undefined {
  if (isCluster || info?.mode !== "cluster") return undefined;
  return {
    subject: label,
    cause: `${label} is one node of a Redis Cluster, and is listed as a single server. It refuses the keys of the other nodes.`,
    remedy:
      "Write `cluster: true` in its entry, so that the whole cluster is one member. List no second node of the same cluster.",
  };
}

function forgetful({ servers }: Facts): readonly Problem[] {
  const labels = servers.flatMap(({ nodes }) =>
    nodes.flatMap(({ label, info, appendFsync }) => {
      if (info === undefined) return [];
      const isDurable = info.isAppendOnly && (appendFsync === "always" || appendFsync === undefined);
      return isDurable ? [] : [label];
    }),
  );
  if (labels.length === 0) return [];
  const areSeveral = labels.length > 1;
  return [
    {
      subject: labels.join(", "),
      cause: `${labels.join(", ")} ${areSeveral ? "do" : "does"} not write each change to disk before the answer, so after a restart ${areSeveral ? "they abstain" : "it abstains"} for the longest ttl.`,
      remedy:
        "Nothing, if that is fine. Otherwise set `appendonly yes` and `appendfsync always`: then a restarted server votes at once.",
    },
  ];
}

function untested(facts: Facts): readonly Problem[] {
  return eachNode(facts, (_server, { label, info }) => {
    const version = info?.version;
    if (version === undefined || isTested(version)) return undefined;
    return {
      subject: label,
      cause: `${label} runs ${nameOf(version)}. The library is not tested with it.`,
      remedy: `Use Redis ${TESTED.redis.from} or ${TESTED.redis.to}, or Valkey ${TESTED.valkey.to}.`,
    };
  });
}

function isTested(version: string): boolean {
  const isValkey = version.startsWith("valkey ");
  const major = Number(/\d+/.exec(version)?.[0] ?? 0);
  const { from, to } = isValkey ? { from: OLDEST_VALKEY, to: TESTED.valkey.to } : TESTED.redis;
  return major >= from && major <= to;
}

function nameOf(version: string): string {
  return version.startsWith("valkey ") ? version.replace("valkey", "Valkey") : `Redis ${version}`;
}
