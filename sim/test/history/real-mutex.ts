import type { Operation } from "@quorumlock/sim/history";

export interface Recorded {
  readonly history: readonly Operation[];
  /** The grants that were heard of, in the order in which they took effect. */
  readonly grants: readonly Operation[];
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = Math.trunc(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TTL_MS = 30;

/**
 * What clients of a fenced mutex with leases see that does everything right: each turn somebody is granted it at one
 * moment, while others wait or give up, extends it or not, and releases it or lets it lapse. The moments are known here
 * and left out of the history; around each stands the time that the caller saw it take.
 */
export function recordMutex(random: () => number, operations: number): Recorded {
  const history: Operation[] = [];
  const grants: Operation[] = [];
  const spread = (): number => random() * 20;
  let [now, fence, turn] = [100, 1_000, 0];
  const record = (
    kind: Operation["kind"],
    token: string,
    at: number,
    outcome: Operation["outcome"],
    rest: Partial<Operation> = {},
  ): Operation => {
    // A grant may have been waited for, and its holder cannot ask for anything else before it has the answer.
    const invokedAt = kind === "acquire" ? at - spread() * 5 : at - random();
    const answered = outcome === "unknown" && random() < 0.7 ? {} : { completedAt: at + random() };
    const operation = {
      process: token,
      resource: "r",
      kind,
      token,
      invokedAt,
      outcome,
      ...answered,
      ...rest,
    };
    history.push(operation);
    return operation;
  };
  while (history.length < operations) {
    const token = `t${(turn += 1)}`;
    fence += 1 + Math.floor(random() * 3);
    const luck = random();
    if (luck < 0.1) {
      record("acquire", token, now, "refused");
      continue;
    }
    if (luck < 0.2) {
      // Granted, but the answer was lost; it may show later, when the release is confirmed.
      record("acquire", token, now, "unknown", { fence: undefined });
      now += 3;
      if (random() < 0.5) record("release", token, now, "ok");
      else now += TTL_MS;
      now += 3;
      continue;
    }
    // The holder's count begins when it asked last, so what it relies on ends before the lease does.
    let leaseEnd = now + TTL_MS;
    grants.push(record("acquire", token, now, "ok", { fence, heldUntil: leaseEnd - 2 * random() }));
    for (let extensions = Math.floor(random() * 3); extensions > 0; extensions -= 1) {
      now += 3 + random() * 15;
      const known = random() < 0.8;
      record(
        "extend",
        token,
        now,
        known ? "ok" : "unknown",
        known ? { heldUntil: now + TTL_MS - 2 * random() } : {},
      );
      leaseEnd = now + TTL_MS;
    }
    now += 3;
    const end = random();
    if (end < 0.6) record("release", token, now, "ok");
    else if (end < 0.8) record("release", token, now, "unknown");
    else now = leaseEnd;
    now += random() < 0.3 ? 0.1 : spread();
  }
  return { history, grants };
}
