import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import type { Language, Step } from "./history-steps.ts";
import { lazyServer } from "./lazy-server.ts";
import { ObservedServer, TooLongError } from "./observed-server.ts";
import { type Perform, type Side, TwinPair } from "./twin-pair.ts";

/** A kind of lock whose Lua is compared with its twins. */
export interface ComparedKind<A, K extends string> {
  readonly history: fc.Arbitrary<readonly Step<A, K>[]>;
  readonly language: Language<A, K>;
  /** Counts what a step came upon: a comparison of histories in which nothing happens would be worth nothing. */
  readonly observe: (step: Step<A, K>, lua: Side, count: (what: string) => void) => void;
  /** The messages that a twin publishes as well. By default all. */
  readonly isCompared?: (message: string) => boolean;
}

/** Changes in a script, from the Lua that is replaced to what replaces it. */
type Changes = ReadonlyMap<string, string>;

/** `npm run test:twins` sets it: at least so many random histories of each kind. */
const LONG_PORTION = Number(process.env["QUORUMLOCK_TWIN_HISTORIES"] ?? 0);
/** Another portion of histories is compared until all outcomes were seen often enough, but not more than so many. */
const MAX_PORTIONS = 4;
/** A busy machine makes an observation longer than a millisecond, so that it is made again. */
const TIME_LIMIT_MS = 240_000;

/** A planted bug that does not even run would prove nothing. */
const UNEQUAL = /^AssertionError: .* to deeply equal /;

/** Carries histories out on a server and on the twins, and compares them after each step. */
export class TwinComparison<A, K extends string> {
  readonly #kind: ComparedKind<A, K>;
  readonly #admin: Redis;
  readonly #listener: Redis;
  readonly #seen = new Map<string, number>();

  private constructor(kind: ComparedKind<A, K>, admin: Redis, listener: Redis) {
    this.#kind = kind;
    this.#admin = admin;
    this.#listener = listener;
  }

  static async start<A, K extends string>(kind: ComparedKind<A, K>): Promise<TwinComparison<A, K>> {
    const { server, admin } = await lazyServer();
    const listener = new Redis(server.port);
    await listener.psubscribe("*");
    afterAll(() => listener.disconnect());
    return new TwinComparison(kind, admin, listener);
  }

  /** The server of the comparison, with a changed script if there are changes. */
  observed(changes?: Changes): ObservedServer {
    return new ObservedServer(this.#admin, this.#listener, changes);
  }

  /** A server and a store that are both empty. */
  async pair(observed = this.observed(), performs?: Perform): Promise<TwinPair<A, K>> {
    await observed.clear();
    return new TwinPair(observed, this.#kind.language, performs);
  }

  /** Carries out a history on both sides. Throws where they differ. */
  async compare(
    history: readonly Step<A, K>[],
    observed = this.observed(),
    performs?: Perform,
  ): Promise<void> {
    const pair = await this.pair(observed, performs);
    for (const step of history) await this.#compareStep(pair, step);
  }

  async #compareStep(pair: TwinPair<A, K>, step: Step<A, K>): Promise<void> {
    const { observe, isCompared = () => true } = this.#kind;
    try {
      const { lua, twin } = await pair.take(step);
      expect(twin.replies).toEqual(lua.replies);
      expect(twin.state).toEqual(lua.state);
      expect(twin.published).toEqual(lua.published.filter(isCompared));
      observe(step, lua, (what) => this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1));
    } catch (error) {
      if (!(error instanceof TooLongError) || step.kind !== "ask" || step.asks.length < 2) throw error;
      const half = step.asks.length / 2;
      await this.#compareStep(pair, { ...step, asks: step.asks.slice(0, half) });
      await this.#compareStep(pair, { ...step, asks: step.asks.slice(half) });
    }
  }

  /**
   * Declares the test that Lua and its twins reply alike and leave the same behind.
   *
   * @param least how often each outcome must be seen.
   */
  testHistories(
    least: ReadonlyMap<string, number>,
    {
      histories = 200,
      changes,
    }: { readonly histories?: number; readonly changes?: Changes | undefined } = {},
  ): void {
    const portion = Math.max(histories, LONG_PORTION);
    const missing = (): readonly string[] =>
      [...least].filter(([what, times]) => (this.#seen.get(what) ?? 0) < times).map(([what]) => what);
    test(
      "Lua and its twins reply alike and leave alike what they leave, whatever the history",
      { timeout: (TIME_LIMIT_MS * portion) / histories },
      async () => {
        const observed = this.observed(changes);
        this.#seen.clear();
        let portions = 0;
        do {
          await fc.assert(
            fc.asyncProperty(this.#kind.history, (history) => this.compare(history, observed)),
            { numRuns: portion, endOnFailure: true },
          );
          portions += 1;
        } while (missing().length > 0 && portions < MAX_PORTIONS);
        console.log(`${observed.repeated} observations made again`, Object.fromEntries(this.#seen));
        expect(missing()).toEqual([]);
      },
    );
  }

  /**
   * Declares a test for each planted bug in the script: the comparison must find it.
   *
   * @param seeds of bugs that the usual seed finds after hundreds of histories.
   */
  testPlanted(
    planted: Readonly<Record<string, Changes>>,
    {
      seeds = {},
      ...options
    }: {
      readonly seed?: number;
      readonly seeds?: Readonly<Record<string, number>>;
      readonly histories?: number;
    } = {},
  ): void {
    const find = async (name: string, changes: Changes): Promise<void> => {
      const seed = seeds[name];
      const own = seed === undefined ? {} : { seed };
      expect(await this.#difference({ ...options, ...own, changes })).toMatch(UNEQUAL);
    };
    test.each(Object.entries(planted))("the comparison finds in the script: %s", find, TIME_LIMIT_MS);
  }

  /** Declares a test for each planted bug in a twin. */
  testPlantedInTwins(
    planted: Readonly<Record<string, Perform>>,
    options: { readonly seed?: number; readonly histories?: number } = {},
  ): void {
    const find = async (_: string, performs: Perform): Promise<void> =>
      expect(await this.#difference({ ...options, performs })).toMatch(UNEQUAL);
    test.each(Object.entries(planted))("the comparison finds in a twin %s", find, TIME_LIMIT_MS);
  }

  /** The error of the first history that shows a difference. */
  async #difference({
    seed = 7,
    histories = 2_000,
    changes,
    performs,
  }: {
    readonly seed?: number;
    readonly histories?: number;
    readonly changes?: Changes;
    readonly performs?: Perform;
  }): Promise<string> {
    const observed = this.observed(changes);
    const property = fc.asyncProperty(this.#kind.history, (history) =>
      this.compare(history, observed, performs),
    );
    const { failed, errorInstance } = await fc.check(property, {
      seed,
      numRuns: histories,
      endOnFailure: true,
    });
    return failed ? String(errorInstance) : "none";
  }
}
