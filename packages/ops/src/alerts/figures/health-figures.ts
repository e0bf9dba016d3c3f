import type { Health, InstanceHealth } from "quorumlock";
import { oneLine } from "../texts.ts";
import type { QuorumFigures, ServerFigures } from "./alert-figures.ts";

export function quorumFiguresOf({ voting, configured, quorum }: Health): QuorumFigures {
  return { voting, configured, required: quorum };
}

/** The servers as a client sees them. */
export function serverFiguresOf({ instances }: Health): readonly ServerFigures[] {
  const median = medianOf(instances.flatMap(({ clockOffsetMs }) => clockOffsetMs ?? []));
  return instances.map((each) => ({
    label: each.instance,
    isAnswering: each.latencyMs !== undefined,
    isVoting: each.isVoting,
    message: messageOf(each),
    silentMs: each.silentMs,
    abstainsMs: each.abstainsMs,
    unsafe: each.unsafe,
    clockOffsetMs: each.clockOffsetMs === undefined ? undefined : each.clockOffsetMs - median,
    usedBytes: each.memoryUsedBytes,
    limitBytes: each.memoryLimitBytes,
  }));
}

function messageOf({ error }: InstanceHealth): string | undefined {
  return error === undefined ? undefined : oneLine(error.message.replace(/\/\/[^/@\s]*@/g, "//***@"));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
