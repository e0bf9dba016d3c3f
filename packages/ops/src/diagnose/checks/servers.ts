import type { Check } from "../check.ts";
import type { Facts, NodeFacts, ServerFacts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import { aclLine } from "../rights.ts";

/** Whether each server answers, is a Redis, and accepts the user. */
export const SERVER_CHECKS: readonly Check[] = [
  { code: "QL101", find: ({ servers }) => servers.flatMap(noAnswer) },
  { code: "QL103", find: ({ servers, prefix }) => servers.flatMap((server) => refused(server, prefix)) },
  { code: "QL104", find: ({ servers }) => servers.flatMap(foreign) },
  { code: "QL118", find: lackedRights },
];

function noAnswer({ label, contact, silentNodes }: ServerFacts): readonly Problem[] {
  if (silentNodes.length > 0)
    return silentNodes.map((node) => ({
      subject: node,
      cause: `${node} does not answer. The names in its hash slots get no vote of this member.`,
      remedy: "Start the node, or let a replica of it take over.",
    }));
  if (contact.state === "unreachable")
    return [
      {
        subject: label,
        cause: `${label} cannot be reached: ${contact.message}.`,
        remedy: "Start the server, or correct its address. Check the network between here and there.",
      },
    ];
  if (contact.state !== "silent") return [];
  return [
    {
      subject: label,
      cause: `${label} accepts connections, but does not answer: ${contact.message}.`,
      remedy: "Look at its process: it is stopped, overloaded, or no Redis.",
    },
  ];
}

const PASSWORD_REMEDY =
  "Correct `username`, `password` or `password_file` of this server, or QUORUMLOCK_PASSWORD.";

function refused({ label, contact, user, nodes }: ServerFacts, prefix: string): readonly Problem[] {
  if (contact.state === "refused") {
    const isOfUser = /WRONGPASS|NOAUTH|password|NOPERM/i.test(contact.message);
    const remedy = isOfUser ? PASSWORD_REMEDY : "Do what the error says.";
    return [{ subject: label, cause: `${label} refuses the client: ${contact.message}.`, remedy }];
  }
  return nodes.flatMap((node) => {
    const missing = rulesOf(node, true);
    if (missing.length === 0) return [];
    return [
      {
        subject: node.label,
        cause: `${node.label}: the user ${user} lacks ${missing.join(" ")}. No lock works there.`,
        remedy: "Give the user these rights, and save them with ACL SAVE or in the server's configuration.",
        commands: [aclLine(node.cli, user, missing, prefix)],
      },
    ];
  });
}

/** The rules that the user lacks. */
function rulesOf({ missingRights = [] }: NodeFacts, isRequired: boolean): readonly string[] {
  return missingRights.filter((each) => each.isRequired === isRequired).map(({ rule }) => rule);
}

function foreign({ label, contact }: ServerFacts): readonly Problem[] {
  if (contact.state !== "foreign") return [];
  return [{ subject: label, cause: `${label}: ${contact.message}.`, remedy: contact.remedy }];
}

function lackedRights({ servers, prefix }: Facts): ReturnType<Check["find"]> {
  const nodes = servers.flatMap((server) => server.nodes.map((node) => ({ ...node, user: server.user })));
  if (nodes.every(({ missingRights }) => missingRights === undefined))
    return { unchecked: "the servers do not say what a user may do (before version 7.0)" };
  return nodes.flatMap((node) => {
    const missing = rulesOf(node, false);
    if (missing.length === 0) return [];
    const { label, cli, user } = node;
    return [
      {
        subject: label,
        cause: `${label}: the user ${user} lacks ${missing.join(" ")}. Features that need them do not work there, or only by polling.`,
        remedy: "Give the user these rights if you use what needs them; docs/servers.md says what that is.",
        commands: [aclLine(cli, user, missing, prefix)],
      },
    ];
  });
}
