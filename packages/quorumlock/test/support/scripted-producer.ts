import type { KafkaProducer, KafkaRecord, LockMessage } from "../../src/observe/kafka/index.ts";

/** One call of `send` that has not ended. */
interface PendingSend {
  readonly record: KafkaRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A producer whose answers a test decides. By default it confirms each batch at once. */
export class ScriptedProducer implements KafkaProducer {
  /** What each call does. `hang` is settled by the test. */
  answer: "confirm" | "hang" | "reject" | "throw" = "confirm";
  error: unknown = new Error("the broker is down");
  /** The batches of all calls. */
  readonly records: KafkaRecord[] = [];
  readonly pending: PendingSend[] = [];

  send(record: KafkaRecord): Promise<unknown> {
    this.records.push(record);
    if (this.answer === "throw") throw this.error;
    if (this.answer === "reject") return Promise.reject(this.error);
    if (this.answer === "confirm") return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.pending.push({ record, resolve: () => resolve([]), reject });
    });
  }

  /** The messages of all calls, also of those that failed. */
  get messages(): readonly LockMessage[] {
    return this.records.flatMap(messagesOf);
  }

  /** How many messages each call had. */
  get sizes(): readonly number[] {
    return this.records.map(({ messages }) => messages.length);
  }
}

export function messagesOf({ messages }: KafkaRecord): readonly LockMessage[] {
  return messages.map(({ value }) => JSON.parse(value) as LockMessage);
}
