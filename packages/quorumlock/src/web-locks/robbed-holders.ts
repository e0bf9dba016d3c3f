import type { InstanceError } from "../base/errors.ts";
import type { Reply } from "../operations/request.ts";
import { type Robbed, robbedIn } from "../operations/seize.ts";
import type { FormerHolders } from "./former-holders.ts";

/** Reads from the replies to one theft whom it has robbed. */
export class RobbedHolders {
  readonly #former: FormerHolders;
  readonly #isToldNow: (token: string) => boolean;
  /** The tokens whose holders learn of the theft in this process. Their locks may have ended when a late reply names them. */
  readonly #told = new Set<string>();
  /** Bits of the members whose latest vote that was no repetition is known. */
  #knownMask = 0;

  /** `isToldNow`: whether the holder of a token will learn of the theft in this process. */
  constructor(former: FormerHolders, isToldNow: (token: string) => boolean) {
    this.#former = former;
    this.#isToldNow = isToldNow;
  }

  onReply(member: number, reply: Reply | InstanceError): void {
    const bit = 1 << member;
    const robbed = reply instanceof Error ? undefined : robbedIn(reply);
    if (robbed === undefined) {
      // The instance may have robbed somebody, and its next vote would be a repetition.
      this.#knownMask &= ~bit;
      return;
    }
    const { tokens, leftMs } = robbed;
    const isRepeated = tokens.length === 0 && leftMs > 0;
    if (isRepeated && (this.#knownMask & bit) !== 0) return;
    this.#knownMask |= bit;
    if (isRepeated || !this.#areTold(robbed)) this.#former.keepFor(leftMs);
  }

  #areTold({ tokens }: Robbed): boolean {
    for (const token of tokens) if (this.#isToldNow(token)) this.#told.add(token);
    return tokens.every((token) => this.#told.has(token));
  }
}
