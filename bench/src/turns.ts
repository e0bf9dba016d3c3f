import type { Contender, Entrant } from "./contender.ts";
import type { Stage } from "./scenario.ts";

/** A contender on its place among the others. */
export interface Player {
  readonly contender: Contender;
  readonly entrant: Entrant;
}

/** Those that take part: who was asked for, and whom they are compared with. */
export function fieldOf(
  contenders: readonly Contender[],
  { admits }: Pick<Stage, "admits">,
): readonly Contender[] {
  const asked = contenders.filter(admits);
  const baselines = new Set(asked.map(({ baseline }) => baseline));
  return contenders.filter((contender) => asked.includes(contender) || baselines.has(contender));
}

/** Connects all contenders, lets `play` have them, and disconnects them whatever happens. */
export async function withPlayers<T>(
  contenders: readonly Contender[],
  { servers }: Pick<Stage, "servers">,
  play: (players: readonly Player[]) => Promise<T>,
): Promise<T> {
  const players: Player[] = [];
  try {
    for (const contender of contenders)
      players.push({ contender, entrant: await contender.connect(servers) });
    return await play(players);
  } finally {
    await Promise.all(players.map(({ entrant }) => entrant[Symbol.asyncDispose]()));
  }
}

/**
 * Lets everybody have a turn, round after round, until the time is over: what disturbs the machine for a while then
 * disturbs all of them. Each round begins with another one, so that nobody always comes after the same. A round that has
 * begun is played to its end: every round has a turn of everybody.
 */
export async function takeTurns(
  players: readonly Player[],
  { seconds, leastRounds }: { readonly seconds: number; readonly leastRounds: number },
  turn: (player: Player, round: number) => Promise<void>,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (let round = 0; round < leastRounds || performance.now() < end; round++) {
    for (let place = 0; place < players.length; place++) {
      const player = players[(round + place) % players.length];
      if (player !== undefined) await turn(player, round);
    }
  }
}
