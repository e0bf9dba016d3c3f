import type { Clock, Timer } from "../../base/clock.ts";
import { redactUrl } from "../../base/redact.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { checkSource, type InstanceSource } from "../../instances/sources.ts";
import { DiscoveredInstance } from "./discovered-instance.ts";
import type { FoundEndpoint } from "./endpoints.ts";
import { DiscoveryError } from "./errors.ts";
import type { MemberAddress } from "./options.ts";

export interface DiscoveredMembersOptions {
  readonly clock: Clock;
  readonly connect: (member: MemberAddress) => InstanceSource;
  /** A member has another address than before. */
  readonly onMoved: (name: string, before: string, now: string) => void;
  /** A member cannot be used at its address, or with `undefined` it can. */
  readonly onProblem: (name: string, error: DiscoveryError | undefined) => void;
}

interface Member {
  readonly ordinal: number;
  readonly instance: DiscoveredInstance;
  /** The name of its first endpoint. Another name is another server. `undefined` before it was found. */
  name: string | undefined;
  /** Where it is, or was last; `undefined` before it was found. */
  address: string | undefined;
  /** What `connect` has returned for the address. */
  source: InstanceSource | undefined;
  /** The latest that `connect` has returned, used or not, and for which address. It is not called again for the same one. */
  made: { readonly address: string; readonly source: InstanceSource } | undefined;
  /** Whether its latest endpoint has another name. */
  isRefused: boolean;
  /** The address at which it could not be used. Set until the next try. */
  failed: { readonly address: string; readonly retry: Timer } | undefined;
  /** Number of failures in a row. */
  failures: number;
}

const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const MAX_DOUBLINGS = 6;

/** The members by ordinal, each at the address of its latest endpoint. A member without an endpoint stays where it was. */
export class DiscoveredMembers {
  readonly #options: DiscoveredMembersOptions;
  readonly #members = new Map<number, Member>();
  #found: ReadonlyMap<number, FoundEndpoint> = new Map();
  /** Number of moves so far. */
  #moves = 0;

  constructor(options: DiscoveredMembersOptions) {
    this.#options = options;
  }

  /** The instances of these ordinals. The same ordinal is the same instance until `remove`. */
  instancesOf(
    ordinals: readonly number[],
    nameOf: (ordinal: number) => string,
  ): readonly DiscoveredInstance[] {
    return ordinals.map((ordinal) => {
      const known = this.#members.get(ordinal);
      if (known !== undefined) return known.instance;
      const instance = new DiscoveredInstance(this.#found.get(ordinal)?.name ?? nameOf(ordinal));
      const member: Member = {
        ordinal,
        instance,
        name: undefined,
        address: undefined,
        source: undefined,
        made: undefined,
        isRefused: false,
        failed: undefined,
        failures: 0,
      };
      instance.onLeft = (_, problem) => this.#onLeft(member, problem);
      this.#members.set(ordinal, member);
      this.#place(member);
      return instance;
    });
  }

  /** The members and where they are. */
  get list(): readonly {
    readonly ordinal: number;
    readonly name: string;
    readonly address: string | undefined;
  }[] {
    return [...this.#members.values()]
      .toSorted((a, b) => a.ordinal - b.ordinal)
      .map(({ ordinal, instance, address }) => ({ ordinal, name: instance.label, address }));
  }

  /** Moves the members to their latest endpoints. */
  update(found: ReadonlyMap<number, FoundEndpoint>): void {
    this.#found = found;
    const before = this.#moves;
    for (const member of this.#members.values()) this.#place(member);
    if (this.#moves === before) return;
    // The place of a member that has moved may be that of another one, which could not use it.
    for (const member of this.#members.values()) {
      member.failed?.retry.cancel();
      member.failed = undefined;
      this.#place(member);
    }
  }

  /** Forgets members that have left the set. The next instance of such an ordinal is a new one. */
  remove(ordinals: readonly number[]): void {
    for (const ordinal of ordinals) {
      const member = this.#members.get(ordinal);
      if (member === undefined) continue;
      this.#members.delete(ordinal);
      this.#forget(member);
    }
  }

  /** Ends the moves. An instance that no client uses is closed. */
  close(): void {
    for (const member of this.#members.values()) this.#forget(member);
  }

  #forget(member: Member): void {
    member.failed?.retry.cancel();
    member.instance.onLeft = undefined;
    this.#options.onProblem(member.instance.label, undefined);
    if (!member.instance.isTaken) void member.instance.close();
  }

  #place(member: Member): void {
    const endpoint = this.#found.get(member.ordinal);
    if (endpoint !== undefined && !this.#isSameServer(member, endpoint)) return;
    const isThere = endpoint?.address === member.address && member.source !== undefined;
    if (endpoint === undefined || isThere || endpoint.address === member.failed?.address) return;
    const { connect, onMoved, onProblem } = this.#options;
    const { label } = member.instance;
    const before = member.address;
    member.failed?.retry.cancel();
    member.failed = undefined;
    try {
      const { ordinal, name, host, port, address } = endpoint;
      const made = member.made?.address === address ? member.made : undefined;
      const source = made?.source ?? connect({ ordinal, name, host, port, address });
      const open = checkSource(source, "connect returned");
      member.made = made ?? { address, source };
      this.#refuseTaken(member, source);
      member.instance.move({ source, open });
      member.source = source;
      member.address = address;
    } catch (thrown) {
      this.#fail(member, endpoint.address, `cannot be used: ${toSafeError(thrown).message}`, thrown);
      return;
    }
    onProblem(label, undefined);
    if (before === endpoint.address) return;
    member.failures = 0;
    this.#moves += 1;
    if (before !== undefined) onMoved(label, before, endpoint.address);
  }

  /** Servers with other names are another set: two processes that see one set each could both have a majority. */
  #isSameServer(member: Member, { name }: FoundEndpoint): boolean {
    member.name ??= name;
    const { onProblem } = this.#options;
    const { label } = member.instance;
    const isSame = member.name === name;
    const wasRefused = member.isRefused;
    member.isRefused = !isSame;
    if (isSame) {
      if (wasRefused) onProblem(label, undefined);
      return true;
    }
    const text = `${member.name} is now ${name}: these are other servers, and other processes can still use the former ones; the member stays where it is; narrow the selector to one set of servers, or end all processes before others take their place`;
    onProblem(label, new DiscoveryError("ENDPOINTS", text));
    return false;
  }

  /** One URL or client for two members would be two votes of one server, unless the other one is about to move away. */
  #refuseTaken(member: Member, source: InstanceSource): void {
    for (const other of this.#members.values()) {
      if (other === member || other.source !== source) continue;
      const next = this.#found.get(other.ordinal)?.address ?? other.address;
      if (next !== other.address) continue;
      const what = typeof source === "string" ? JSON.stringify(redactUrl(source)) : "a client";
      throw new TypeError(
        `connect returned ${what}, where ${other.instance.label} is already; use the address of each member`,
      );
    }
  }

  /** The server there is that of another member: one of the two addresses is out of date. */
  #onLeft(member: Member, problem: string): void {
    member.source = undefined;
    if (member.address !== undefined) this.#fail(member, member.address, problem);
  }

  /** Tries again later, because the reason can be an address of another member that is out of date. */
  #fail(member: Member, address: string, problem: string, cause?: unknown): void {
    const { clock, onProblem } = this.#options;
    const { label } = member.instance;
    onProblem(label, new DiscoveryError("CONNECT", `${label} at ${address} ${problem}`, cause));
    const longestMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** Math.min(member.failures, MAX_DOUBLINGS));
    member.failures += 1;
    member.failed?.retry.cancel();
    const tryAgain = (): void => {
      member.failed = undefined;
      this.#place(member);
    };
    const retry = clock.setTimer(longestMs * (0.5 + clock.random() / 2), tryAgain, false);
    member.failed = { address, retry };
  }
}
