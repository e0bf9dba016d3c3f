import { formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

const SENTENCES: Readonly<Record<string, string>> = {
  eviction: "evicts keys: two can hold one lock",
  replica: "is a replica: it can lose locks",
  cluster: "is a node of a cluster behind a client of one server: locks can move away",
  clock: "has a clock that jumps: locks can expire early",
  membership: "belongs to another set of servers, or is listed twice: two can hold one lock",
};

const REMEDIES: Readonly<Record<string, string>> = {
  eviction: "CONFIG SET maxmemory-policy noeviction, and write it to the server's configuration",
  replica: "list the primary instead",
  cluster: "use a client of clusters for it",
  clock: "make the clock of the server run steadily, for example with chrony",
  membership: "give all processes the same list of servers, each server once",
};

export const unsafe: RuleDefinition = {
  name: "unsafe",
  severity: "warning",
  for: 60_000,
  needs: "servers",
  remedy: "see the cause in docs/health.md",
  condition: "a server can lose locks or grant them twice",
  limits: {},
  create: () => ({
    find: ({ figures: { servers = [] } }) =>
      servers.flatMap(({ label, unsafe: causes }) =>
        causes
          .filter((cause) => cause !== "restart")
          .map((cause) => ({
            labels: { server: label, cause },
            text: `${showName(label)} ${SENTENCES[cause] ?? `is unsafe: ${cause}`}.`,
            remedy: REMEDIES[cause],
          })),
      ),
    isKnown: ({ server }, { figures: { servers = [] } }) =>
      servers.every(({ label, isAnswering }) => label !== server || isAnswering),
    describeEnd({ labels: { server = "", cause = "" }, lastedMs }, { figures: { servers = [] } }) {
      const after = `after ${formatSpan(lastedMs)}`;
      return servers.some(({ label }) => label === server)
        ? `${showName(server)}: no longer unsafe (${cause}), ${after}.`
        : `${showName(server)} is no longer configured, ${after}.`;
    },
  }),
};
