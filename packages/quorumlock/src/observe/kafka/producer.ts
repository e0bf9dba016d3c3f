import { formatValue } from "../../base/check-value.ts";

/** One message for a producer. */
export interface KafkaMessage {
  /** The name of the lock, in UTF-8. It decides the partition, so all messages of a name stay in order. */
  readonly key: Buffer;
  /** A `LockMessage` as JSON. */
  readonly value: string;
  /** The time of the event, in ms since 1970, as a text. */
  readonly timestamp: string;
}

/** What a producer sends at once. */
export interface KafkaRecord {
  /** The topic of all messages. */
  readonly topic: string;
  /** The messages, in the order of the events. The producer may change the array. */
  readonly messages: KafkaMessage[];
}

/** The only member of a producer that is used. Those of KafkaJS 2, and of clients with its interface, have it. */
export interface KafkaProducer {
  /** Sends a batch of messages. Resolves when the brokers have them. */
  send(record: KafkaRecord): Promise<unknown>;
}

/** How the library calls `send`. */
export type SendRecord = (record: KafkaRecord) => Promise<unknown>;

/** @throws TypeError if it has no method `send`. */
export function checkProducer(producer: KafkaProducer): SendRecord {
  if (typeof (producer as Partial<KafkaProducer> | null | undefined)?.send !== "function")
    throw new TypeError(
      `producer: ${formatValue(producer)} must be a producer of KafkaJS, or have the method send({ topic, messages })`,
    );
  // A producer that throws is the same as one that rejects.
  return async (record) => producer.send(record);
}
