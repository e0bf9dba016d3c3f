import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { RefusingInstance } from "./refusing-instance.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** The servers of one tier, and a client. */
export interface TierWorld {
  readonly redlock: Redlock;
  /** From now on, the servers answer every request with an error, at once. They keep their locks. */
  stop(): void;
  start(): void;
}

/** Servers of several tiers, on one clock. Every client has used its servers. */
export async function tierWorlds(
  count: number,
  options: RedlockOptions = {},
  clock = new VirtualClock(),
): Promise<{ readonly clock: VirtualClock; readonly tiers: readonly TierWorld[] }> {
  const tiers = Array.from({ length: count }, (_, tier) => {
    const instances = Array.from(
      { length: 3 },
      (__, index) => new RefusingInstance({ clock, label: `t${tier}-${index}` }),
    );
    const refuse = (refusal: string | undefined): void => {
      for (const instance of instances) instance.refusal = refusal;
    };
    return {
      redlock: new Redlock(instances, { clock, restartGuard: false, ...options }),
      stop: () => refuse("LOADING the server loads its data"),
      start: () => refuse(undefined),
    };
  });
  for (const { redlock } of tiers) await redlock.using("warm", () => undefined);
  return { clock, tiers };
}
