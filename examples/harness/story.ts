import type { Scene } from "./scene.ts";

/** Both run on the same load: what the library recommends, and the mistake from practice. */
export type Variant = "ours" | "antiPattern";

/** One line of the table: a label, and a number that was read from the database or from a double. */
export type Figure = readonly [label: string, value: string];

/** Something that must hold. */
export interface Check {
  /** What must hold, in a few words. */
  readonly claim: string;
  readonly holds: boolean;
  /** What was found instead, if it does not hold. */
  readonly found?: string;
  /** It is about time, so it need not hold if the machine stands still meanwhile. Claims without this flag must always hold. */
  readonly needsSteadyTime?: true;
}

/** A story shows one situation from practice with real servers, real processes and real faults. */
export interface Story<Facts = unknown> {
  /** The name in the command, and of the folder. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The heads of the two columns, at most 22 characters each. */
  readonly columns: { readonly ours: string; readonly antiPattern: string };
  /** The SQL that makes the tables. */
  readonly tables: string;
  /** How long a lock outlives a dead holder, in ms. */
  readonly ttlMs: number;
  /** Whether the story knows the flag `--kills`. */
  readonly hasKills?: true;
  /** Makes the load and the faults, and returns what the database and the doubles say at the end. */
  run(scene: Scene, variant: Variant): Promise<Facts>;
  /** The lines of the table. */
  figures(facts: Facts): readonly Figure[];
  /** Judges the facts of the first column. */
  judge(facts: Facts): readonly Check[];
  /** What the anti-pattern did, as a sentence. */
  damage(facts: Facts): string;
}
