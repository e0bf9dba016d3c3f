import { DuplicateInstanceError } from "../errors.ts";
import type { Instance } from "../instances/port.ts";
import { Member, type MemberContext } from "./member.ts";

/** How long the first acquisition waits, at most, for the last member to say which server it is. */
const IDENTITY_PATIENCE_MS = 50;

/**
 * All configured members. The quorum is that of the configured number, never of those that happen to answer.
 */
export class Members {
  readonly list: readonly Member[];
  readonly quorum: number;
  readonly #context: MemberContext;
  #conflict: DuplicateInstanceError | undefined;
  #introduced: Promise<void> | undefined;
  /** Whether the members have introduced themselves: nothing to wait for any more. */
  ready = false;

  constructor(instances: readonly Instance[], context: MemberContext) {
    this.#context = context;
    this.list = instances.map((instance, index) => new Member(index, instance, context));
    this.quorum = Math.floor(instances.length / 2) + 1;
  }

  /** Whether the keys of one request must share a hash slot. */
  get clustered(): boolean {
    return this.list.some(({ instance }) => instance.clustered);
  }

  /** Set while two members are known to be one server: nothing may be granted or extended then. */
  get conflict(): DuplicateInstanceError | undefined {
    return this.#conflict;
  }

  /**
   * Resolves when every member has said which server it is or failed to; when a quorum has, the others get a
   * short grace. Waits only the first time: afterwards each connection is checked as it comes.
   */
  introduce(): Promise<void> {
    this.#introduced ??= new Promise<void>((resolve) => {
      const pending = new Set(this.list);
      const done = (): void => {
        this.ready = true;
        resolve();
      };
      for (const member of this.list) {
        member.identify(() => {
          this.#compare();
          pending.delete(member);
          if (pending.size === 0) done();
          else if (this.list.length - pending.size === this.quorum) {
            const { clock, deadlines, requestTimeoutMs } = this.#context;
            deadlines.add(clock.monotonic() + Math.min(IDENTITY_PATIENCE_MS, requestTimeoutMs), done);
          }
        });
      }
    });
    return this.#introduced;
  }

  async close(): Promise<void> {
    await Promise.all(this.list.map((member) => member.close()));
  }

  /** Looks for two members that are one server; that one of them is another server now may have ended it. */
  #compare(): void {
    this.#conflict = undefined;
    const seen = new Map<string, Member>();
    for (const member of this.list) {
      if (member.identity === undefined) continue;
      const first = seen.get(member.identity);
      if (first === undefined) seen.set(member.identity, member);
      else this.#conflict ??= new DuplicateInstanceError(first.label, member.label, member.identity);
    }
  }
}
