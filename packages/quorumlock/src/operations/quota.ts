import { TenantLimitError } from "../base/errors.ts";
import type { KindTransfer, LockKind, Occupant, Owner, Vote } from "./kind.ts";
import { QUOTA_PART, quotaOperations } from "./quota-operations.ts";
import { quotaRenew } from "./quota-transfer.ts";
import { isYes, type Operation, type Reply, type Request, request, YES } from "./request.ts";
import { slotsKind } from "./slots.ts";
import type { SlotsTarget } from "./slots-target.ts";
import { transferOfSlots } from "./slots-transfer.ts";
import { waiterName } from "./waiter-name.ts";

/** What one attempt of a tenant locks: one permit of its quota, and a lock. */
export interface QuotaTarget<Target = unknown> {
  readonly tenant: string;
  readonly quota: SlotsTarget;
  readonly lock: Target;
}

const kinds = new Map<LockKind, LockKind<QuotaTarget>>();

/** The kind of a lock that also takes a permit of a quota: one round, one token, all or nothing (protocol §7). */
export function underQuota(kind: LockKind): LockKind<QuotaTarget> {
  const known = kinds.get(kind) ?? makeKind(kind);
  kinds.set(kind, known);
  return known;
}

function makeKind(inner: LockKind): LockKind<QuotaTarget> {
  const { choices } = inner;
  const kind: LockKind<QuotaTarget> = {
    label: inner.label,
    isShared: ({ lock }) => inner.isShared?.(lock) === true,
    names: ({ lock }) => inner.names(lock),
    namesToWaitFor: ({ lock }) => inner.namesToWaitFor?.(lock) ?? inner.names(lock),
    // All names of a tenant lie in one hash slot.
    split: (target) => [target],
    channels: ({ quota, lock }, prefix) => [
      ...slotsKind.channels(quota, prefix),
      ...inner.channels(lock, prefix),
    ],
    leavesLineWhenServed: true,
    renewMs: 1_000,
    ...(inner.gate === undefined ? {} : { gate: inner.gate }),

    waiterOf: ({ quota: { callerNumber }, lock }, clientId) =>
      inner.waiterOf?.(lock, clientId) ?? waiterName(clientId, callerNumber),
    ...(inner.stay === undefined
      ? {}
      : {
          stay: ({ lock }: QuotaTarget, prefix: string, waiter: string) => inner.stay!(lock, prefix, waiter),
        }),

    acquire({ quota, lock }, owner, ttlMs, waiter) {
      const ofLock = inner.acquire(lock, owner, ttlMs, waiter);
      // A conversion keeps its permit.
      return quota.slots === ""
        ? both(quotaOperations.acquire, owner, slotsKind.acquire(quota, owner, ttlMs, waiter), ofLock)
        : both(quotaOperations.convert, owner, slotsKind.extend(quota, owner, ttlMs), ofLock);
    },
    commit: ({ quota, lock }, owner, fence) =>
      both(
        quotaOperations.commit,
        owner,
        slotsKind.commit(quota, owner, fence),
        inner.commit(lock, owner, fence),
      ),
    extend: ({ quota, lock }, owner, ttlMs) =>
      both(
        quotaOperations.extend,
        owner,
        slotsKind.extend(quota, owner, ttlMs),
        inner.extend(lock, owner, ttlMs),
      ),
    release: ({ quota, lock }, owner, waiter) =>
      // A release has no owner that can withdraw it.
      both(
        quotaOperations.release,
        undefined,
        slotsKind.release(quota, owner, waiter),
        inner.release(lock, owner, waiter),
      ),
    leave: ({ quota, lock }, prefix, waiter) => [
      ...slotsKind.leave(quota, prefix, waiter),
      ...inner.leave(lock, prefix, waiter),
    ],

    obstacle: (refusal) => (isOfQuota(refusal) ? slotsKind : inner).obstacle(refusal),

    tickets: {
      in: (refusal) => slotsKind.tickets!.in(refusal),
      // One ticket for both lines.
      assign: (target, ticket) => ({
        ...target,
        quota: slotsKind.tickets!.assign(target.quota, ticket),
        lock: inner.tickets?.assign(target.lock, ticket) ?? target.lock,
      }),
      onRefused({ lock }, refusals) {
        const ofLock = refusals.filter((refusal) => !isOfQuota(refusal));
        if (ofLock.length > 0) inner.tickets?.onRefused?.(lock, ofLock);
      },
    },

    withHints: (target, hints) => ({
      ...target,
      quota: slotsKind.withHints!(target.quota, hints),
      lock: inner.withHints?.(target.lock, hints) ?? target.lock,
    }),

    choices: {
      of: (reply) => `${slotsKind.choices!.of(reply)}/${choices?.of(lockReply(reply)) ?? ""}`,
      chosen(target, choice) {
        const { tenant, quota, lock } = target;
        const end = choice.indexOf("/");
        return {
          tenant,
          quota: slotsKind.choices!.chosen(quota, choice.slice(0, end)),
          lock: choices === undefined ? lock : choices.chosen(lock, choice.slice(end + 1)),
        };
      },
      settle(target, votes, hasQuorum, random) {
        const quota = slotsKind.choices!.settle(target.quota, votes, hasQuorum, random);
        if (quota === undefined) return undefined;
        if (choices === undefined) return { ...target, quota };
        const lockVotes = votes.map(({ bit, reply }): Vote => ({ bit, reply: lockReply(reply) }));
        const lock = choices.settle(target.lock, lockVotes, hasQuorum, random);
        return lock === undefined ? undefined : { ...target, quota, lock };
      },
    },

    learn({ quota, lock }, replies) {
      slotsKind.learn?.(
        quota,
        replies.filter((reply) => isYes(reply) || isOfQuota(reply)),
      );
      inner.learn?.(lock, replies.filter((reply) => isYes(reply) || !isOfQuota(reply)).map(lockReply));
    },

    ...(inner.transfer === undefined ? {} : { transfer: transferUnderQuota(inner.transfer) }),

    rejection: ({ lock }, message) => inner.rejection?.(lock, message),

    limitError(target, refusals, waitedMs) {
      const { tenant, quota } = target;
      if (2 * refusals.filter(isOfQuota).length <= refusals.length) return undefined;
      return new TenantLimitError(inner.names(target.lock), tenant, quota.size.total, waitedMs);
    },

    ...(inner.slots === undefined ? {} : { slots: ({ lock }: QuotaTarget) => inner.slots!(lock) }),
    ...(inner.inMode === undefined
      ? {}
      : {
          inMode: (target: QuotaTarget, mode: "S" | "X") => ({
            ...target,
            lock: inner.inMode!(target.lock, mode),
          }),
        }),

    admits: (next, name, others) => inner.admits(next.lock, name, innerOccupants(kind, inner, others)),
    ...(inner.groupOf === undefined
      ? {}
      : { groupOf: ({ lock }: QuotaTarget, name: string) => inner.groupOf!(lock, name) }),
  };
  return kind;
}

function transferUnderQuota(inner: KindTransfer): KindTransfer<QuotaTarget> {
  return {
    describe: ({ tenant: id, quota: { slots, size }, lock }, as) => ({
      ...inner.describe(lock, as),
      tenant: { id, maxLocks: size.total, slot: Number(slots) },
    }),
    renew: ({ quota, lock }, owner, ttlMs) =>
      both(quotaRenew, owner, transferOfSlots.renew(quota, owner, ttlMs), inner.renew(lock, owner, ttlMs)),
  };
}

/** The occupants as the inner kind sees them. One of another kind stays as it is. */
function* innerOccupants(
  kind: LockKind<QuotaTarget>,
  inner: LockKind,
  others: Iterable<Occupant>,
): Iterable<Occupant> {
  for (const other of others) {
    if (other.kind === kind)
      yield { kind: inner, target: (other.target as QuotaTarget).lock, isInLine: other.isInLine };
    else yield other;
  }
}

/** One request for the operations of two, as quota.lua describes it. */
function both(operation: Operation, owner: Owner | undefined, quota: Request, lock: Request): Request {
  const [token = ""] = quota.args;
  const args = [token, lock.operation.name, String(quota.args.length - 1)];
  for (let at = 1; at < quota.args.length; at += 1) args.push(quota.args[at]!);
  for (let at = 1; at < lock.args.length; at += 1) args.push(lock.args[at]!);
  return request(operation, quota.keys.concat(lock.keys), args, owner);
}

function isOfQuota(reply: Reply): boolean {
  return typeof reply !== "number" && reply[5] === QUOTA_PART;
}

/** What the operation of the lock replied, if it replied with a list. */
function lockReply(reply: Reply): Reply {
  if (typeof reply === "number" || reply[0] !== YES) return reply;
  const [status, fence = 0, , , , slots = "", limit = "", map = ""] = reply;
  return [status, fence, slots, limit, map];
}
