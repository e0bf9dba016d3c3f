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

  /** @throws DuplicateInstanceError once two members were found to be one server. */
  check(): void {
    if (this.#conflict !== undefined) throw this.#conflict;
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
        member.identify((known) => {
          this.#compare(known);
          pending.delete(known);
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

  #compare(known: Member): void {
    const identity = known.identity;
    if (identity === undefined || identity === "") return;
    for (const other of this.list) {
      if (other === known || other.identity !== identity) continue;
      const [first, second] = other.index < known.index ? [other, known] : [known, other];
      this.#conflict = new DuplicateInstanceError(first.label, second.label, identity);
      return;
    }
    // A member that is another server now may have ended the conflict.
    if (this.#conflict !== undefined && !this.#anyTwins()) this.#conflict = undefined;
  }

  #anyTwins(): boolean {
    const identities = this.list.flatMap(({ identity }) => (identity === undefined ? [] : [identity]));
    return new Set(identities).size < identities.length;
  }
}
