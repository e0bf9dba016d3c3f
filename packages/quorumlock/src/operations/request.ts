import type { Store } from "./store.ts";

/** A Lua script, and the SHA-1 by which servers know it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** The script of one kind of lock. A cluster announces releases on sharded channels. */
export interface KindScript {
  readonly single: Script;
  readonly cluster: Script;
}

/** The TypeScript twin of one Lua operation (protocol §11). */
export type Twin = (store: Store, keys: readonly string[], args: readonly string[]) => Reply;

/** One operation of a kind: its Lua and its TypeScript twin, which does the same (protocol §11). */
export interface Operation {
  /** The name in the script. */
  readonly name: string;
  readonly script: KindScript;
  readonly twin: Twin;
  /**
   * How many arguments, from the first one on, differ from request to request. The others are often the same for all requests
   * of a tick, so they are sent once.
   */
  readonly ownArgs: number;
  /** Whether a yes grants a lock. It counts only from a server that remembers what it granted before (protocol §10). */
  readonly isGrant: boolean;
  /**
   * Whether it undoes earlier requests. Then it is also sent to an instance that does not answer in time. The instance carries it
   * out later, in order.
   */
  readonly isUndo: boolean;
  /**
   * The request that undoes the same after later requests of the client, if the server refused this one; `undefined` if nothing needs
   * to be undone then. The client may have joined the line again, so it must not leave the line. Without this method, the request
   * itself is sent again.
   */
  readonly undoLater?: ((lost: Request) => Request | undefined) | undefined;
}

/** An operation on the keys of one instance. It is the same for all instances, so it is made once for a round. */
export interface Request {
  readonly operation: Operation;
  /** If the instance is a cluster, all keys lie in one hash slot. */
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** The attempt or lock of the request, which can withdraw it. */
  readonly owner: Withdrawable;
  /** The script call that begins with this request, made once for all instances. */
  call: object | undefined;
}

/**
 * An attempt or lock that can withdraw its requests. An instance that has lost its scripts gets a request a second time. It must
 * not carry out a request that was withdrawn in between.
 */
export interface Withdrawable {
  readonly isWithdrawn: boolean;
}

const NEVER_WITHDRAWN: Withdrawable = { isWithdrawn: false };

export function request(
  operation: Operation,
  keys: readonly string[],
  args: readonly string[],
  owner: Withdrawable = NEVER_WITHDRAWN,
): Request {
  return { operation, keys, args, owner, call: undefined };
}

export const YES = 1;
export const NO = 0;
export const FAILED = -1;

/**
 * The reply of an operation: a number, which is a yes with that number, or a list. A list begins with `YES`, `NO` or `FAILED`.
 * The comment above the operation's Lua documents the rest.
 */
export type Reply = number | ReplyList;
export type ReplyList = readonly [status: number, ...rest: (number | string)[]];

export function isYes(reply: Reply): boolean {
  return typeof reply === "number" || reply[0] === YES;
}

/**
 * The form of an undo request that follows later requests of this client on the same connection. `undefined` if nothing is left to
 * undo. Other requests stay as they are.
 */
export function undoAfterLaterRequests(undo: Request): Request | undefined {
  const { undoLater } = undo.operation;
  return undoLater === undefined ? undo : undoLater(undo);
}
