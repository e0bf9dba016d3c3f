import type { Address, Contender } from "../contender.ts";
import { contenders as allContenders } from "../contenders/index.ts";

/** The servers and the contenders that a task of a child process names. */
export function connectionsOf(task: {
  readonly ports: readonly number[];
  readonly contenders: readonly string[];
}): {
  readonly servers: Address[];
  readonly contenders: Contender[];
} {
  return {
    servers: task.ports.map((port) => ({ port, url: `redis://127.0.0.1:${port}` })),
    contenders: task.contenders.map((name) => {
      const contender = allContenders.find((candidate) => candidate.name === name);
      if (contender === undefined) throw new Error(`there is no contender named ${name}`);
      return contender;
    }),
  };
}
