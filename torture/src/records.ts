/** What a worker writes down, one line of JSON each: before each action and after it. `at` is monotonic, in ms. */
export type WorkerRecord = { readonly at: number; readonly hand: string } & (
  | { readonly event: "acquire"; readonly op: number; readonly resource: string }
  | {
      readonly event: "acquired";
      readonly op: number;
      readonly token: string;
      readonly fence: number;
      /** Until when the lock is surely held, by the clocks of the holder. */
      readonly heldUntil: number;
    }
  /** It ended without a lock: others held it, too few instances answered, or the worker was called off. */
  | {
      readonly event: "not-acquired";
      readonly op: number;
      readonly why: "refused" | "unreachable" | "called-off";
    }
  | { readonly event: "extend"; readonly op: number; readonly lock: number }
  | { readonly event: "extended"; readonly op: number; readonly lock: number; readonly heldUntil: number }
  | {
      readonly event: "not-extended";
      readonly op: number;
      readonly lock: number;
      readonly why: "lost" | "unreachable";
    }
  /** The lock extends itself, and was found to be held for longer than was known. */
  | { readonly event: "renewed"; readonly lock: number; readonly heldUntil: number }
  | { readonly event: "lost"; readonly lock: number }
  | { readonly event: "release"; readonly op: number; readonly lock: number }
  /** `late`: the lock had ended before. `unconfirmed`: too few instances answered. */
  | {
      readonly event: "released";
      readonly op: number;
      readonly lock: number;
      readonly how: "held" | "late" | "unconfirmed";
    }
  /** An error that no operation may throw. */
  | { readonly event: "broken"; readonly message: string }
);

/** Everything but the last line, which a worker that was killed may have left unfinished, has to parse. */
export function parseRecords(text: string): readonly WorkerRecord[] {
  const lines = text.split("\n");
  // A complete text ends with a line break: what follows the last one is empty, or torn.
  lines.pop();
  return lines.map((line) => JSON.parse(line) as WorkerRecord);
}
