import type { Check } from "../check.ts";
import type { Facts, ServerFacts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import { aclLine } from "../rights.ts";

/** Whether each server answers, is a Redis, and accepts the user. */
export const SERVER_CHECKS: readonly Check[] = [
  { code: "QL101", find: ({ servers }) => servers.flatMap(noAnswer) },
  { code: "QL103", find: ({ servers, prefix }) => servers.flatMap((server) => refused(server, prefix)) },
  { code: "QL104", find: ({ servers }) => servers.flatMap(foreign) },
  { code: "QL118", find: lackedRights },
];

function noAnswer({ label, contact }: ServerFacts): readonly Problem[] {
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

function refused(
  { label, contact, cli, user, missingRights = [] }: ServerFacts,
  prefix: string,
): readonly Problem[] {
  if (contact.state === "refused") {
    const isOfUser = /WRONGPASS|NOAUTH|password|NOPERM/i.test(contact.message);
    const remedy = isOfUser ? PASSWORD_REMEDY : "Do what the error says.";
    return [{ subject: label, cause: `${label} refuses the client: ${contact.message}.`, remedy }];
  }
  const missing = missingRights.filter(({ isRequired }) => isRequired).map(({ rule }) => rule);
  if (missing.length === 0) return [];
  return [
    {
      subject: label,
      cause: `${label}: the user ${user} lacks ${missing.join(" ")}. No lock works there.`,
      remedy: "Give the user these rights, and save them with ACL SAVE or in the server's configuration.",
      commands: [aclLine(cli, user, missing, prefix)],
    },
  ];
}

function foreign({ label, contact }: ServerFacts): readonly Problem[] {
  if (contact.state !== "foreign") return [];
  return [{ subject: label, cause: `${label}: ${contact.message}.`, remedy: contact.remedy }];
}

function lackedRights({ servers, prefix }: Facts): ReturnType<Check["find"]> {
  if (servers.every(({ missingRights }) => missingRights === undefined))
    return { unchecked: "the servers do not say what a user may do (before version 7.0)" };
  return servers.flatMap(({ label, cli, user, missingRights = [] }) => {
    const missing = missingRights.filter(({ isRequired }) => !isRequired).map(({ rule }) => rule);
    if (missing.length === 0) return [];
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
