import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { checkNumber } from "./check-number.ts";

/** Options of `calculateTtl`. */
export interface CalculateTtlOptions {
  /** The expected time is multiplied by this number. At least 1. @default 2 */
  readonly safetyFactor?: number | undefined;
  /** Added for the network and for pauses of the process, in ms. At least 0. @default 1_000 */
  readonly overheadMs?: number | undefined;
  /** The smallest result, in ms. At least 3. @default 5_000 */
  readonly minMs?: number | undefined;
  /** The largest result, in ms. At least `minMs`. @default 300_000 */
  readonly maxMs?: number | undefined;
}

/**
 * A ttl for work whose usual time is known: `expectedMs` × `safetyFactor` + `overheadMs`, from `minMs` to `maxMs`, in whole
 * milliseconds. 2 s give 5 s, 30 s give 61 s, 180 s give 300 s.
 *
 * It is for locks with `autoExtend: false`. A lock that extends itself needs no ttl that covers the work.
 *
 * @param expectedMs the usual time of the work, in ms. At least 0.
 * @throws TypeError, RangeError for a bad argument, with the field and the value.
 */
export function calculateTtl(expectedMs: number, options: CalculateTtlOptions = {}): number {
  checkOptions(options);
  refuseUnknownOptions(options, { safetyFactor: true, overheadMs: true, minMs: true, maxMs: true });
  checkNumber("expectedMs", expectedMs, 0);
  const safetyFactor = checkNumber("safetyFactor", options.safetyFactor ?? 2, 1);
  const overheadMs = checkNumber("overheadMs", options.overheadMs ?? 1_000, 0);
  const minMs = checkNumber("minMs", options.minMs ?? 5_000, 3);
  const maxMs = checkNumber("maxMs", options.maxMs ?? Math.max(300_000, minMs), minMs);
  return Math.ceil(Math.max(minMs, Math.min(expectedMs * safetyFactor + overheadMs, maxMs)));
}
