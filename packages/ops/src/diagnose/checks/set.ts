import { formatPlural } from "../../format/count.ts";
import { formatClock } from "../../format/clock-time.ts";
import { formatSeconds } from "../../format/duration.ts";
import type { Check } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { Problem } from "../finding.ts";

/** Whether the servers are a good set together, and a quorum of them can vote. */
export const SET_CHECKS: readonly Check[] = [
  { code: "QL102", find: belowQuorum },
  { code: "QL105", find: sameServers },
  { code: "QL109", find: evenNumber },
  { code: "QL110", find: oneServer },
  { code: "QL111", find: quarantined },
];

function belowQuorum({ health, quorum, servers, now }: Facts): readonly Problem[] {
  if (health.canLock) return [];
  const { voting, configured } = health;
  const count = `${voting} of ${configured} ${configured === 1 ? "server" : "servers"} ${voting === 1 ? "votes" : "vote"}`;
  const returning = servers.flatMap(({ label, health: each }) =>
    each?.abstainsMs === undefined ? [] : [{ label, abstainsMs: each.abstainsMs }],
  );
  const waits = returning.map(
    ({ label, abstainsMs }) =>
      `${label} votes in ${formatSeconds(abstainsMs)}, at ${formatClock(now + abstainsMs, now)}`,
  );
  const others = servers.filter(
    ({ label, health: each }) => each?.isVoting !== true && !returning.some((one) => one.label === label),
  );
  const missing = quorum - voting;
  const byHand = missing - returning.length;
  return [
    {
      subject: "quorum",
      cause:
        `${count}, ${quorum} ${quorum === 1 ? "is" : "are"} needed: no new locks, and held ones end unextended.` +
        (waits.length === 0 ? "" : ` ${waits.join("; ")}.`),
      remedy:
        byHand <= 0
          ? "Wait: a quorum votes again by itself."
          : `Bring back ${formatPlural(byHand, "server")} of ${others.map(({ label }) => label).join(", ")}; the other findings say why they do not vote.`,
    },
  ];
}

/** A run id belongs to one process, whatever address, proxy or forwarded port leads to it. */
function sameServers({ servers }: Facts): readonly Problem[] {
  const byRunId = new Map<string, Set<string>>();
  for (const { label, nodes } of servers)
    for (const { info } of nodes) {
      if (info?.runId === undefined) continue;
      const labels = byRunId.get(info.runId) ?? new Set();
      byRunId.set(info.runId, labels.add(label));
    }
  const groups = new Map(
    [...byRunId].flatMap(([runId, labels]) =>
      labels.size < 2 ? [] : [[[...labels].join(" and "), runId] as const],
    ),
  );
  return [...groups].map(([labels, runId]) => ({
    subject: labels,
    cause: `${labels} are the same server (run id ${runId.slice(0, 8)}…), so it would vote twice.`,
    remedy: "Remove all but one of these entries. Each entry must be a server of its own.",
  }));
}

function evenNumber({ servers }: Facts): readonly Problem[] {
  const count = servers.length;
  if (count % 2 === 1) return [];
  const failures = count / 2 - 1;
  return [
    {
      subject: "set of servers",
      cause: `There are ${count} servers. They survive ${failures === 0 ? "no failure" : formatPlural(failures, "failure")}, as ${count - 1} would.`,
      remedy: `Use ${count + 1} servers, which survive ${formatPlural(count / 2, "failure")}, or ${count - 1}. Change the set with \`reconfigure\`.`,
    },
  ];
}

function oneServer({ servers }: Facts): readonly Problem[] {
  if (servers.length !== 1) return [];
  return [
    {
      subject: "set of servers",
      cause:
        "There is one server. While it is away no lock is granted, and a restart without its data forgets all locks.",
      remedy: "Use 3 or 5 independent servers, unless locks only save work that may be done twice.",
    },
  ];
}

function quarantined({ servers, now }: Facts): readonly Problem[] {
  return servers.flatMap(({ label, health }) => {
    if (health?.abstainsMs === undefined || !health.unsafe.includes("restart")) return [];
    const { abstainsMs } = health;
    return [
      {
        subject: label,
        cause: `${label} restarted or lost its data, and may have forgotten locks. It votes again in ${formatSeconds(abstainsMs)}, at ${formatClock(now + abstainsMs, now)}.`,
        remedy:
          "Wait. A server with `appendonly yes` and `appendfsync always` keeps its locks, and votes at once after a restart.",
      },
    ];
  });
}
