/**
 * Figures of quorumlock in the full run of 2026-11-22 (docs/performance-method.md), by contender. Scenarios that were fast enough
 * must not become slower. These figures depend little on the machine.
 */
export interface RecordedFigures {
  /** p50 of a hand-over against bare ioredis behind a local queue, by number of servers. */
  readonly handOverToQueue: Readonly<Record<number, number>>;
  /** Grants per second with four processes on three servers. */
  readonly processGrants: number;
  /** p50 of an acquisition with one of five servers hung, against the bare commands on the same client. */
  readonly hungToBare: number;
  /** p50 from the expiry to the next grant on three servers, in ms. */
  readonly takeoverMs: number;
}

const RECORDED: Readonly<Record<string, RecordedFigures>> = {
  "quorumlock (ioredis)": {
    handOverToQueue: { 1: 1.27, 3: 0.95, 5: 0.83 },
    processGrants: 587,
    hungToBare: 316 / 134,
    takeoverMs: 3.82,
  },
  "quorumlock (node-redis)": {
    handOverToQueue: { 1: 1.15, 3: 1.03, 5: 0.86 },
    processGrants: 596,
    hungToBare: 308 / 132,
    takeoverMs: 3.91,
  },
};

/** How much worse than recorded a figure may be. */
export const TOLERANCE = 1.05;

/** The recorded figures of a contender. Only quorumlock has some. */
export function recordedOf(contender: string): RecordedFigures | undefined {
  return RECORDED[contender];
}
