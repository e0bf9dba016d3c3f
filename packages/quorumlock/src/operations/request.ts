/** One operation on the keys of one instance: the same for all instances, so it is made once for a round. */
export interface Request {
  readonly operation: string;
  /** All in one hash slot where the instance is a cluster. */
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** How many of the arguments, from the first one on, are its own: the others are often those of its neighbours, too. */
  readonly own: number;
  /** Whether a yes grants anew: it counts only from a server that remembers what it granted before (protocol §10). */
  readonly isGrant: boolean;
  /**
   * Whether it takes back what was sent before: then it is sent also to an instance that will not answer in time, in order,
   * whenever that gets to it.
   */
  readonly isUndo: boolean;
  /** Whoever asked; says whether the request still stands. */
  readonly claim: Withdrawable;
  /** What was made of the call that begins with it. Kept here, so that it is made once for all instances, and goes with it. */
  call: object | undefined;
}

/**
 * Tells whether its requests have been withdrawn. An instance that forgot its scripts is asked a second time,
 * and must then not carry out what was withdrawn in between.
 */
export interface Withdrawable {
  readonly withdrawn: boolean;
}

const standing: Withdrawable = { withdrawn: false };

export function request(
  operation: string,
  keys: readonly string[],
  own: number,
  args: readonly string[],
  claim: Withdrawable = standing,
  { isGrant: grants = false, isUndo: undoes = false }: RequestKind = PLAIN,
): Request {
  return { operation, keys, args, own, claim, isGrant: grants, isUndo: undoes, call: undefined };
}

type RequestKind = Partial<Pick<Request, "isGrant" | "isUndo">>;

const PLAIN: RequestKind = {};
export const GRANTS: RequestKind = { isGrant: true };
export const UNDOES: RequestKind = { isUndo: true };

export const YES = 1;
export const NO = 0;
export const FAILED = -1;

/**
 * What an operation replies: a number, which is a yes with that number, or a list of yes, no or failed and what the
 * operation's own file says.
 */
export type Reply = number | ReplyList;
export type ReplyList = readonly [status: number, ...rest: (number | string)[]];

export function isYes(reply: Reply): boolean {
  return typeof reply === "number" || reply[0] === YES;
}
