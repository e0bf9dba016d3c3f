import { answerParent, readTask } from "../child-task.ts";
import { rotate, withConnections } from "../rounds.ts";
import { emptySeries, runTurn } from "../scenarios/uncontended-turn.ts";
import type { CoolAnswer, CoolTask } from "./cool-task.ts";
import { connectionsOf } from "./connections.ts";

// A new process that measures all contenders after a short warm-up.

const task = readTask() as CoolTask;
const { servers, contenders } = connectionsOf(task);
const series = Object.fromEntries(contenders.map(({ name }) => [name, emptySeries()]));

await withConnections(rotate(contenders, task.firstContender), { servers }, async (participants) => {
  for (const participant of participants)
    await runTurn(participant, task.warmUpCycles, task.names, emptySeries());
  for (let round = 0; round < task.rounds; round++) {
    for (const participant of rotate(participants, round)) {
      const own = series[participant.contender.name] ?? emptySeries();
      await runTurn(participant, task.cyclesPerTurn, task.names, own);
    }
  }
});
answerParent({ series } satisfies CoolAnswer);
