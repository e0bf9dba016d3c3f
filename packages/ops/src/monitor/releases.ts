import type { Redlock } from "quorumlock";
import {
  type InspectedHold,
  type LockInspection,
  type OperatorReleaseResult,
  releaseForOperator,
} from "quorumlock/operator";
import type { LockRow, ReleaseReply, ReleaseRequest } from "./api.ts";
import { formatSeconds } from "./format/format-numbers.ts";
import type { Viewer } from "./http/access.ts";
import type { LockDetails } from "./locks/lock-details.ts";
import { figuresOf, type RowContext, rowOf } from "./locks/lock-rows.ts";
import { describeNext } from "./locks/next-text.ts";
import { tokenId } from "./locks/token-id.ts";
import { safeMessage } from "../format/safe-message.ts";
import type { Audit, AuditRecord } from "../release/audit.ts";
import {
  describeNoQuorum,
  describeReleased,
  describeTooFew,
  NOT_RELEASED_FREE,
  NOT_RELEASED_ONLY_NOW,
} from "../release/release-texts.ts";

/** Who asks for a release, and how. */
export interface ReleaseCaller {
  readonly viewer: Viewer | undefined;
  readonly address: string | undefined;
}

/** A reply, and the status of HTTP. */
export interface ReleaseOutcome {
  readonly status: 200 | 400 | 401 | 403 | 404 | 409 | 503;
  readonly reply: ReleaseReply;
}

export interface ReleasesOptions {
  readonly isEnabled: boolean;
  readonly quorum: number;
  readonly servers: number;
  readonly audit: Audit;
  readonly details: LockDetails;
  readonly context: () => RowContext;
  readonly onReleased: (record: AuditRecord) => void;
}

const MAX_REASON_LENGTH = 500;

/** Ends locks for operators. Every request that gets here is recorded, also a refused one, before its reply is sent. */
export class Releases {
  readonly #redlock: Redlock;
  readonly #options: ReleasesOptions;
  #count = { drain: 0, now: 0 };

  constructor(redlock: Redlock, options: ReleasesOptions) {
    this.#redlock = redlock;
    this.#options = options;
  }

  /** How many locks were released, by mode. */
  get counts(): Readonly<Record<ReleaseRequest["mode"], number>> {
    return this.#count;
  }

  /** Whether this caller may release locks. */
  mayRelease(viewer: Viewer | undefined): boolean {
    return this.#options.isEnabled && viewer?.role === "release";
  }

  /** @param body what the request has, unchecked. */
  async release(name: string, body: unknown, caller: ReleaseCaller): Promise<ReleaseOutcome> {
    const { viewer } = caller;
    const attempt = new ReleaseAttempt(this.#options, name, caller);
    if (!this.#options.isEnabled)
      return attempt.refuse(404, "Not released: this monitor releases no locks. Turn on `monitor.release`.");
    if (viewer === undefined) return attempt.refuse(401, "This monitor needs a token.");
    if (viewer.role !== "release") return attempt.refuse(403, "Your token may read, not release.");
    const request = parseRequest(name, body);
    if (typeof request === "string") return attempt.refuse(400, `Not released: ${request}`);
    attempt.request = request;
    try {
      return await this.#release(request, viewer, attempt);
    } catch (error) {
      return attempt.refuse(
        503,
        `Not released, or only on a part of the servers: ${safeMessage(error)}. Look again.`,
      );
    }
  }

  async #release(request: ReleaseRequest, viewer: Viewer, attempt: ReleaseAttempt): Promise<ReleaseOutcome> {
    const { quorum, servers } = this.#options;
    const inspection = await this.#options.details.inspectNow(request.name);
    attempt.setLock(inspection, request.holderId);
    const answered = inspection.instances.filter(({ state }) => state === "answered").length;
    if (answered < quorum)
      return attempt.refuse(
        503,
        describeTooFew(`${answered} of ${servers} servers answered`, quorum, "Nothing was changed."),
      );
    const tokens = tokensWith(inspection, request.holderId);
    const [token] = tokens;
    if (token === undefined) return attempt.refuse(409, attempt.describeChange());
    if (tokens.size > 1)
      return attempt.refuse(409, "Not released: two holders have this id. Use the command.");
    const result = await releaseForOperator(this.#redlock, {
      name: request.name,
      token,
      mode: request.mode,
      operator: `operator:${viewer.name}`,
    });
    if (!result.released) return this.#onNotReleased(result, request, attempt);
    this.#count = { ...this.#count, [request.mode]: this.#count[request.mode] + 1 };
    const freeAt = Date.now() + (result.freeInMs ?? 0);
    return attempt.succeed(result, freeAt, describeReleased(request.mode, result, freeAt));
  }

  async #onNotReleased(
    result: OperatorReleaseResult,
    request: ReleaseRequest,
    attempt: ReleaseAttempt,
  ): Promise<ReleaseOutcome> {
    const { quorum, servers, details } = this.#options;
    switch (result.why) {
      case "only-now":
        return attempt.refuse(409, NOT_RELEASED_ONLY_NOW);
      case "free":
        return attempt.refuse(409, NOT_RELEASED_FREE);
      case "holder-changed": {
        attempt.setLock(await details.inspectNow(request.name), request.holderId);
        return attempt.refuse(409, attempt.describeChange());
      }
      default:
        return attempt.refuse(503, describeNoQuorum(result, servers, quorum));
    }
  }
}

function tokensWith({ instances }: LockInspection, id: string): ReadonlySet<string> {
  const holds: readonly InspectedHold[] = instances.flatMap((instance) => instance.holds);
  return new Set(holds.map(({ token }) => token).filter((token) => tokenId(token) === id));
}

/** The request, or what is wrong with it. */
function parseRequest(path: string, body: unknown): ReleaseRequest | string {
  if (typeof body !== "object" || body === null) return "the body must be a JSON object.";
  const { name, holderId, fence, mode, reason } = body as Readonly<Record<string, unknown>>;
  if (name !== path) return "`name` must repeat the name of the lock.";
  if (typeof holderId !== "string" || holderId === "") return "`holderId` must be the id of the holder.";
  if (fence !== undefined && fence !== null && typeof fence !== "number") return "`fence` must be a number.";
  if (mode !== "drain" && mode !== "now") return '`mode` must be "drain" or "now".';
  if (typeof reason !== "string" || reason.trim() === "") return "`reason` must say why.";
  if (reason.length > MAX_REASON_LENGTH) return `\`reason\` may have ${MAX_REASON_LENGTH} characters.`;
  return { name: path, holderId, fence: fence ?? undefined, mode, reason: reason.trim() };
}

/** One request, and what its record in the audit says. */
class ReleaseAttempt {
  readonly #options: ReleasesOptions;
  readonly #name: string;
  readonly #caller: ReleaseCaller;
  request: ReleaseRequest | undefined;
  #lock: LockRow | undefined;
  #holder: AuditRecord["holder"];
  /** What the servers say, as a sentence. */
  #next = "";

  constructor(options: ReleasesOptions, name: string, caller: ReleaseCaller) {
    this.#options = options;
    this.#name = name;
    this.#caller = caller;
  }

  /** What the servers say, before the release. */
  setLock(inspection: LockInspection, holderId: string): void {
    const { details, context } = this.#options;
    const entry = details.entryOf(inspection);
    const present = context();
    const figures = figuresOf(entry, present);
    this.#lock = entry.holders.length === 0 ? undefined : rowOf(entry, present, figures);
    this.#next = describeNext(entry, figures, this.#options.quorum);
    const holder = entry.holders.find(({ id }) => id === holderId);
    const report = present.reported(holderId);
    const owner = holder?.owner ?? report?.owner;
    this.#holder = { owner, id: holderId, fence: report?.fence ?? this.request?.fence };
  }

  describeChange(): string {
    const lock = this.#lock;
    if (lock?.holder === undefined || lock.health === "uncertain")
      return `Not released: ${this.#next.charAt(0).toLowerCase()}${this.#next.slice(1)}`;
    const owner = lock.holder.owner ?? `a client of another library (id ${lock.holder.id})`;
    return `Not released: the holder changed. ${owner} has held it for ${formatSeconds(lock.ageMs)}. Look again.`;
  }

  async refuse(status: Exclude<ReleaseOutcome["status"], 200>, message: string): Promise<ReleaseOutcome> {
    const isKept = this.#caller.viewer !== undefined;
    await this.#options.audit.record(this.#record({ result: "refused", why: message }), isKept);
    return { status, reply: { released: false, message, newFence: undefined, freeAt: undefined } };
  }

  async succeed(
    { newFence }: OperatorReleaseResult,
    freeAt: number,
    message: string,
  ): Promise<ReleaseOutcome> {
    const fields = { result: "released", why: undefined, newFence, freeAt } as const;
    const { record } = await this.#options.audit.record(this.#record(fields), true);
    this.#options.onReleased(record);
    return { status: 200, reply: { released: true, message, newFence, freeAt } };
  }

  #record(
    result: Pick<AuditRecord, "result" | "why"> & Partial<Pick<AuditRecord, "newFence" | "freeAt">>,
  ): Omit<AuditRecord, "id" | "at" | "action"> {
    const { viewer, address } = this.#caller;
    const lock = this.#lock;
    return {
      via: "browser",
      actor: viewer?.name,
      address,
      name: this.#name,
      class: this.#options.context().classOf(this.#name),
      holder: this.#holder,
      ageMs: lock?.ageMs,
      ageSource: lock?.ageSource ?? "unknown",
      remainingMs: lock?.remainingMs,
      votes: lock?.votes.filter((mark) => mark === "holder").length,
      of: this.#options.servers,
      waiters: lock?.waiting,
      callers: lock?.callers,
      mode: this.request?.mode,
      newFence: undefined,
      freeAt: undefined,
      reason: this.request?.reason,
      ...result,
    };
  }
}
