import type {
  AlertView,
  Figures,
  LockDetail,
  LocksPage,
  MonitorEvent,
  MonitorEventType,
  Point,
  QuorumView,
  ServerView,
  Snapshot,
} from "../../monitor/api.ts";

/** What the list of locks shows. All fields are in the URL of the page. */
export interface ListQuery {
  readonly pattern: string;
  readonly sort: "blocked" | "remaining" | "age" | "name";
  /** A `LockHealth`, or "" for all. */
  readonly health: string;
}

export type Range = "5m" | "1h" | "6h";

/** From the page to the worker. */
export type Command =
  | { readonly type: "start"; readonly base: string }
  /** What the list needs: the pages that begin at these offsets. */
  | { readonly type: "list"; readonly query: ListQuery; readonly offsets: readonly number[] }
  | { readonly type: "watch"; readonly name: string | undefined }
  | { readonly type: "range"; readonly range: Range }
  /** Connect now: the operator wants it, or has signed in. */
  | { readonly type: "connect" };

/**
 * connecting    the first request is under way
 * open          the stream is open
 * waiting       the stream has ended or failed; the next try is at `retryAt`
 * unauthorized  the monitor needs a token; no further try until `connect`
 * incompatible  the monitor speaks another schema; only a reload helps
 */
export type Connection =
  | { readonly state: "connecting" | "open" | "unauthorized" | "incompatible" }
  | { readonly state: "waiting"; readonly retryAt: number; readonly reason: string };

/** All that came since the last update, gathered so that the page draws a few times a second. */
export interface Update {
  readonly servers?: readonly ServerView[];
  readonly quorum?: QuorumView;
  readonly figures?: Figures;
  readonly points?: readonly Point[];
  readonly alerts?: readonly AlertView[];
  readonly events?: readonly MonitorEvent[];
  readonly counts?: Readonly<Partial<Record<MonitorEventType, number>>>;
  /** How many events the monitor or this worker left out. */
  readonly omitted?: number;
}

/** From the worker to the page. `receivedAt` is the time of this machine. */
export type Report =
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "snapshot"; readonly snapshot: Snapshot; readonly receivedAt: number }
  | { readonly type: "alive"; readonly receivedAt: number; readonly now: number | undefined }
  | { readonly type: "update"; readonly update: Update; readonly receivedAt: number }
  | {
      readonly type: "page";
      readonly query: ListQuery;
      readonly page: LocksPage;
      readonly receivedAt: number;
    }
  | {
      readonly type: "detail";
      readonly name: string;
      readonly detail: LockDetail | undefined;
      readonly problem: string | undefined;
      readonly receivedAt: number;
    }
  | { readonly type: "points"; readonly range: Range; readonly points: readonly Point[] };

export const PAGE_SIZE = 200;

export function isSameQuery(a: ListQuery, b: ListQuery): boolean {
  return a.pattern === b.pattern && a.sort === b.sort && a.health === b.health;
}

/** The stream brings the first page of this query. All others are asked for. */
export function isDefaultQuery(query: ListQuery): boolean {
  return query.pattern === "" && query.sort === "blocked" && query.health === "";
}
