import { InstanceError } from "../base/errors.ts";
import type { ReleaseResult } from "./release.ts";
import type { Round } from "./round.ts";

/** A claim that was won and is to be given on. */
export interface Given {
  readonly token: string;
  release(client: string): Promise<ReleaseResult>;
  /** Has some members forget it, given by their bits, and the place in line of a client. */
  releaseAt(mask: number, client?: string): void;
}

/**
 * A hold that its holder gives to the next in line of its process: one round that replaces the token in place of a
 * release and an acquisition (protocol §8). Whoever has it must take it or leave it; until then the instances hold it for
 * nobody.
 */
export class HandOver {
  /** What its holder is told of its release. Resolves, never rejects, once it was taken or left. */
  readonly verdict: Promise<ReleaseResult>;
  readonly #claim: Given;
  readonly #client: string;
  #decide!: (verdict: ReleaseResult | Promise<ReleaseResult>) => void;
  #open = true;
  /** The round that replaces it, once it was sent. */
  #round: Round | undefined;

  /** `client`: whose process it goes from one to the next in. */
  constructor(claim: Given, client: string) {
    this.#claim = claim;
    this.#client = client;
    this.verdict = new Promise((resolve) => (this.#decide = resolve));
  }

  /** The token that is to be replaced. */
  get token(): string {
    return this.#claim.token;
  }

  /**
   * The round that replaces it was sent. Members that it was not sent to, or that will not say whether they carried it out,
   * are told to forget the former holder: the former also its client's place in line, for no later release goes there.
   */
  sent(round: Round): void {
    this.#round = round;
    this.#claim.releaseAt(~round.sent, this.#client);
    round.listen((member, answer) => {
      if (answer instanceof InstanceError && (round.sent & (1 << member)) !== 0)
        this.#claim.releaseAt(1 << member);
    });
  }

  /** The round was won: a majority holds it for the next one. */
  taken(round: Round): void {
    if (!this.#open) return;
    this.#open = false;
    this.#decide({ confirmed: true, held: round.highest.negative, rivals: false, failures: [] });
  }

  /** Nobody takes it: it is released. */
  left(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#decide(this.#release());
  }

  async #release(): Promise<ReleaseResult> {
    const verdict = await this.#claim.release(this.#client);
    // What its round took over before it was lost, the release did not find any more.
    const held = verdict.held || this.#round?.highest.negative === true;
    return { ...verdict, held };
  }
}
