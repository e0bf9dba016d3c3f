import type { Redis } from "ioredis";
import { RoundCounter } from "../round-counter.ts";
import { partsOf, requestsIn } from "../script-requests.ts";
import { observeCommands } from "./ioredis-clients.ts";

/** The requests by which a caller acquires a lock. */
const OPERATIONS = /\.(acquire|convert|takeOver|commit)$/;
/** A token of quorumlock ends with the label of its owner. */
const TOKEN = /^[0-9a-f]{32}@(.*)$/s;

/**
 * Counts the rounds of quorumlock's acquisitions by the label in their tokens. Each round of votes has a token of its own. The round
 * that commits a fencing token repeats the last one.
 */
export function countRounds(clients: readonly Redis[]): RoundCounter {
  const counter = new RoundCounter();
  let latest: unknown;
  for (const client of clients) {
    observeCommands(client, (command) => {
      // quorumlock replaces the bytes of its commands. All servers get the same object.
      if (command.name !== "evalsha" || command.args.length !== 1) return;
      const encoded = command.toWritable({});
      if (encoded === latest) return;
      latest = encoded;
      for (const { operation, token } of requestsIn(partsOf(String(encoded)))) {
        const [, label] = TOKEN.exec(token) ?? [];
        if (label !== undefined && OPERATIONS.test(operation)) counter.record(label, `${operation} ${token}`);
      }
    });
  }
  return counter;
}
