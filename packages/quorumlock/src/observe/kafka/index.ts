export type { KafkaMessage, KafkaProducer, KafkaRecord } from "./producer.ts";
export { type LockMessage, type LockMessageType, readLockMessage } from "./lock-message.ts";
export {
  type DroppedMessages,
  type FlushOptions,
  type LockPublisher,
  publishLocks,
  type PublisherSnapshot,
} from "./publish-locks.ts";
export type { PublishLocksOptions } from "./publish-settings.ts";
export {
  type FollowedHold,
  type FollowerSnapshot,
  LockFollower,
  type LockFollowerOptions,
  type ReceivedMessage,
} from "./lock-follower.ts";
