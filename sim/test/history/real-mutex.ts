import type { Operation } from "@quorumlock/sim/history";

export interface Recorded {
  readonly history: readonly Operation[];
  /** The grants with a reply, in the order in which they took effect. */
  readonly grants: readonly Operation[];
}

/** Random numbers in [0, 1) from a seed (mulberry32). */
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
 * Records a history of a correct fenced mutex with leases. In each turn one client is granted the lock, may extend it,
 * and releases it or lets it expire. Other clients are refused or get no reply.
 *
 * Each effect happens at one known moment. The history contains only a start before and an end after that moment.
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
    // A grant may follow a long wait. Every other call is short.
    const invokedAt = kind === "acquire" ? at - spread() * 5 : at - random();
    const end = outcome === "unknown" && random() < 0.7 ? {} : { completedAt: at + random() };
    const operation = {
      process: token,
      resource: "r",
      kind,
      token,
      invokedAt,
      outcome,
      ...end,
      ...rest,
    };
    history.push(operation);
    return operation;
  };
  while (history.length < operations) {
    const token = `t${(turn += 1)}`;
    fence += 1 + Math.floor(random() * 3);
    const draw = random();
    if (draw < 0.1) {
      record("acquire", token, now, "refused");
      continue;
    }
    if (draw < 0.2) {
      // The grant took effect, but its reply was lost. A confirmed release may prove it later.
      record("acquire", token, now, "unknown", { fence: undefined });
      now += 3;
      if (random() < 0.5) record("release", token, now, "ok");
      else now += TTL_MS;
      now += 3;
      continue;
    }
    // The holder counts from the start of its call, so it stops relying on the lease before the lease ends.
    let leaseEnd = now + TTL_MS;
    grants.push(record("acquire", token, now, "ok", { fence, heldUntil: leaseEnd - 2 * random() }));
    for (let extensions = Math.floor(random() * 3); extensions > 0; extensions -= 1) {
      now += 3 + random() * 15;
      const isKnown = random() < 0.8;
      record(
        "extend",
        token,
        now,
        isKnown ? "ok" : "unknown",
        isKnown ? { heldUntil: now + TTL_MS - 2 * random() } : {},
      );
      leaseEnd = now + TTL_MS;
    }
    now += 3;
    const ending = random();
    if (ending < 0.6) record("release", token, now, "ok");
    else if (ending < 0.8) record("release", token, now, "unknown");
    else now = leaseEnd;
    now += random() < 0.3 ? 0.1 : spread();
  }
  return { history, grants };
}
