import { createHash } from "node:crypto";
import { shortToken } from "../short-token.ts";
import type { BufferedEvent, EventBuffer } from "./event-buffer.ts";
import type { PublishedHold } from "./hold-events.ts";
import { type LockMessage, MESSAGE_SCHEMA } from "./lock-message.ts";
import type { KafkaMessage } from "./producer.ts";

/** A batch has no more bytes than that, unless it is a single message. Brokers refuse batches above 1 MB by default. */
const MAX_BATCH_BYTES = 500_000;
const HASH_DIGITS = 24;

/** Messages that are sent at once. */
export interface Batch {
  readonly messages: readonly KafkaMessage[];
  /** The number of its first event. */
  readonly firstNumber: number;
  /** How often it was sent. */
  attempts: number;
}

/** What the messages of one publisher have in common. */
export interface MessageSource {
  /** Random, so that no other publisher has the same ids of events. */
  readonly publisherId: string;
  readonly prefix: string;
}

/** Removes the oldest events from the buffer and encodes them. Returns `undefined` if there is none. */
export function takeBatch(buffer: EventBuffer, source: MessageSource, maxSize: number): Batch | undefined {
  const { first } = buffer;
  if (first === undefined) return undefined;
  const messages: KafkaMessage[] = [];
  let bytes = 0;
  for (let next = buffer.first; next !== undefined && messages.length < maxSize; next = buffer.first) {
    const message = encode(next, source);
    bytes += message.key.length + Buffer.byteLength(message.value);
    if (bytes > MAX_BATCH_BYTES && messages.length > 0) break;
    messages.push(message);
    buffer.shift();
  }
  return { messages, firstNumber: first.number, attempts: 0 };
}

function encode({ number, event, name }: BufferedEvent, source: MessageSource): KafkaMessage {
  const { type, hold, names, timestamp, ttlMs, extra } = event;
  const message: LockMessage = {
    schema: MESSAGE_SCHEMA,
    event_id: `${source.publisherId}-${number}`,
    event_type: type,
    resource: name,
    holder: hold.holder,
    timestamp,
    ttl: ttlMs ?? null,
    fence: hold.fence,
    hold_id: holdIdOf(hold),
    prefix: source.prefix,
    kind: hold.kind ?? null,
    mode: hold.mode ?? null,
    name_count: names.length,
    ...(hold.isLocal && { tier: "local" as const }),
    ...extra,
  };
  return { key: Buffer.from(name), value: JSON.stringify(message), timestamp: String(Math.trunc(timestamp)) };
}

const ids = new WeakMap<PublishedHold, string>();

/** Made when a message is encoded, because a hash takes too long for the moment of a grant. */
function holdIdOf(hold: PublishedHold): string {
  const known = ids.get(hold);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(hold.token).digest("hex").slice(0, HASH_DIGITS);
  const id = `${shortToken(hold.token)}-${hash}`;
  ids.set(hold, id);
  return id;
}
