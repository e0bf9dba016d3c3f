import type { LockEventName, Redlock } from "quorumlock";
import type { Plan } from "../plan/plan.ts";
import type { Findings } from "./findings.ts";

/** The course of one acquisition and of its lock, as the events tell it. */
interface Course {
  state: "asking" | "held";
  isWaiting: boolean;
  readonly isOuter?: true;
}

/** One history of so many has listeners on every event of a lock. Listeners read the clock, so they change where a client stalls. */
const OBSERVED_EVERY = 4;

/**
 * The events of a lock tell one course: asked, perhaps waiting, granted or failed; then extended, and ended exactly once. Whoever counts
 * them knows at any time how many callers wait, and which locks are held.
 */
export class EventChecks {
  readonly #findings: Findings;
  readonly #isObserved: boolean;
  readonly #isChanging: boolean;
  /** Locks of the tier inside the process have one vote. */
  readonly #hasLocalTier: boolean;
  readonly #courses = new Map<string, Map<number, Course>>();
  #clients = 0;

  constructor(findings: Findings, { seed, tiers }: Pick<Plan, "seed" | "tiers">, isChanging: boolean) {
    this.#findings = findings;
    this.#hasLocalTier = tiers !== undefined;
    this.#isObserved = seed % OBSERVED_EVERY === OBSERVED_EVERY - 1;
    this.#isChanging = isChanging;
  }

  observe(client: string, members: number, redlock: Redlock): void {
    if (!this.#isObserved) return;
    this.#clients += 1;
    const courses = new Map<number, Course>();
    this.#courses.set(`${client}#${this.#clients}`, courses);
    const quorum = this.#hasLocalTier ? 1 : Math.floor(members / 2) + 1;
    const wrong = (event: LockEventName, id: number, why: string): void =>
      this.#findings.report("events", `${client}: ${event} of ${id} ${why}`);
    const inState = (event: LockEventName, id: number, state: Course["state"]): Course | undefined => {
      const course = courses.get(id);
      if (course?.state === state) return course;
      wrong(event, id, `came while it was ${course?.state ?? "not there"}`);
      return undefined;
    };
    const end = (event: LockEventName, id: number): void => {
      inState(event, id, "held");
      courses.delete(id);
    };
    redlock.on("lock:acquire:started", ({ id }) => {
      if (courses.has(id)) wrong("lock:acquire:started", id, "came twice");
      courses.set(id, { state: "asking", isWaiting: false });
    });
    redlock.on("lock:wait:started", ({ id }) => {
      // A call that waits in this process, before its acquisitions, has only waits and perhaps a failure.
      if (!courses.has(id)) courses.set(id, { state: "asking", isWaiting: false, isOuter: true });
      const course = inState("lock:wait:started", id, "asking");
      if (course?.isWaiting === true) wrong("lock:wait:started", id, "came twice");
      if (course !== undefined) course.isWaiting = true;
    });
    redlock.on("lock:wait:ended", ({ id, waitedMs }) => {
      const course = inState("lock:wait:ended", id, "asking");
      if (course?.isWaiting === false) wrong("lock:wait:ended", id, "came without a start");
      if (!(waitedMs >= 0)) wrong("lock:wait:ended", id, `has waited ${waitedMs} ms`);
      if (course?.isOuter === true) courses.delete(id);
      else if (course !== undefined) course.isWaiting = false;
    });
    redlock.on("lock:handed-over", ({ id, from, token }) => {
      inState("lock:handed-over", id, "asking");
      if (from === token) wrong("lock:handed-over", id, "has one token for both holders");
    });
    redlock.on("lock:acquire:succeeded", ({ id, votes, rounds, attempts }) => {
      const course = inState("lock:acquire:succeeded", id, "asking");
      if (course?.isWaiting === true) wrong("lock:acquire:succeeded", id, "came while it waited");
      if (!this.#isChanging && (votes < quorum || votes > members))
        wrong("lock:acquire:succeeded", id, `has ${votes} votes of ${members} members`);
      if (rounds < attempts)
        wrong("lock:acquire:succeeded", id, `has ${rounds} rounds in ${attempts} attempts`);
      courses.set(id, { state: "held", isWaiting: false });
    });
    redlock.on("lock:acquire:failed", ({ id, attempts }) => {
      if (!courses.has(id) && attempts === 0) return;
      const course = inState("lock:acquire:failed", id, "asking");
      if (course?.isWaiting === true) wrong("lock:acquire:failed", id, "came while it waited");
      courses.delete(id);
    });
    redlock.on("lock:attached", ({ id }) => void courses.set(id, { state: "held", isWaiting: false }));
    redlock.on("lock:extended", ({ id }) => void inState("lock:extended", id, "held"));
    redlock.on("lock:extend:failed", ({ id }) => void inState("lock:extend:failed", id, "held"));
    redlock.on("lock:converted", ({ id }) => void inState("lock:converted", id, "held"));
    redlock.on("lock:released", ({ id }) => end("lock:released", id));
    redlock.on("lock:detached", ({ id }) => end("lock:detached", id));
    redlock.on("lock:lost", ({ id }) => end("lock:lost", id));
  }

  /** All live clients are closed, so all courses have ended. */
  checkEnded(isAlive: (client: string) => boolean): void {
    for (const [key, courses] of this.#courses) {
      const client = key.split("#")[0] ?? "";
      if (!isAlive(client)) continue;
      for (const [id, { state }] of courses)
        this.#findings.report("events", `${client} is closed, but ${id} is still ${state} by its events`);
    }
  }
}
