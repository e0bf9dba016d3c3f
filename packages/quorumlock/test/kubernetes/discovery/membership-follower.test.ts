import { beforeEach, describe, expect, it } from "vitest";
import { LockAbortedError, LockClosedError } from "../../../src/index.ts";
import type { DeclaredSize } from "../../../src/kubernetes/discovery/declared-size.ts";
import { MembershipFollower } from "../../../src/kubernetes/discovery/membership-follower.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";

// The steps from set to set, in virtual time.

const alone = (size: number): DeclaredSize => ({ size, next: undefined });
const both = (size: number, next: number): DeclaredSize => ({ size, next });

class Bed {
  readonly clock = new VirtualClock();
  /** The calls of the client, such as `joint 5`. */
  readonly calls: string[] = [];
  problem: string | undefined;
  state = "";
  /** Settles the call of `reconfigure` in flight, if it is held. */
  release: (error?: Error) => void = () => undefined;
  isHeld = false;
  failures = 0;

  start(initial: DeclaredSize): MembershipFollower {
    const follower = new MembershipFollower({
      clock: this.clock,
      initial,
      instancesOf: (size) => Array.from({ length: size }, (_, index) => `redis://${index}`),
      keepOnly: (sizes) => this.calls.push(`keep ${sizes.join()}`),
      onState: (state, size, next) => (this.state = [state, size, next].filter(Boolean).join(" ")),
      onProblem: (error) => (this.problem = error?.message),
    });
    const call = async (text: string): Promise<void> => {
      this.calls.push(text);
      this.failures -= 1;
      if (this.failures >= 0) throw new Error("no quorum");
    };
    follower.start({
      reconfigure: async (instances, options) => {
        await call(`joint ${instances.length}`);
        if (this.isHeld)
          await new Promise<void>((resolve, reject) => {
            this.release = (error) => (error === undefined ? resolve() : reject(error));
            options?.signal?.addEventListener("abort", () => reject(new LockAbortedError([], undefined)));
          });
        return {
          complete: () => call("complete"),
          abort: ({ carryBack } = {}) => call(carryBack === true ? "carry back" : "abort"),
        };
      },
    });
    return follower;
  }

  /** Long enough for one step and its pause. */
  step(): Promise<void> {
    return this.clock.advance(1_000);
  }
}

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});

describe("a change as it should be", () => {
  it("goes to both sets, and to the next one when that is declared", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    expect(bed.state).toBe("joint 3 5");
    await bed.clock.advance(600_000);
    follower.onDeclared(alone(5));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "complete", "keep 5"]);
    expect(bed.state).toBe("stable 5");
    expect(bed.problem).toBeUndefined();
  });

  it("goes back to the former set when it is withdrawn", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    follower.onDeclared(alone(3));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "carry back", "keep 3"]);
  });

  it("goes back also if a majority of the next set cannot be reached", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    bed.failures = 1;
    follower.onDeclared(alone(3));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "carry back", "abort", "keep 3"]);
  });

  it("is withdrawn also while the next set is being prepared", async () => {
    const follower = bed.start(alone(3));
    bed.isHeld = true;
    follower.onDeclared(both(3, 5));
    await settle();
    follower.onDeclared(alone(3));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "keep 3"]);
    expect(bed.state).toBe("stable 3");
    expect(bed.problem).toBeUndefined();
  });

  it("begins with both sets if the client was made with both", async () => {
    const follower = bed.start(both(3, 5));
    await bed.step();
    expect(bed.state).toBe("joint 3 5");
    follower.onDeclared(alone(5));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "complete", "keep 5"]);
  });

  it("completes a change and begins the next one, one step at a time", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    follower.onDeclared(both(5, 7));
    await bed.clock.advance(3_000);
    expect(bed.calls).toEqual(["joint 5", "complete", "keep 5", "joint 7"]);
    expect(bed.state).toBe("joint 5 7");
  });

  it("goes to another next set through the present one", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    follower.onDeclared(both(3, 4));
    await bed.clock.advance(3_000);
    expect(bed.calls).toEqual(["joint 5", "carry back", "keep 3", "joint 4"]);
  });
});

describe("a change that could lead to another quorum", () => {
  it("stays with both sets if the pair was not declared", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(alone(5));
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5"]);
    expect(bed.problem).toContain("this process was not joint when the size 5 was declared");
    follower.onDeclared(alone(3));
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5"]);
  });

  it("goes on from there when the pair is declared at last", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(alone(5));
    await bed.step();
    follower.onDeclared(both(3, 5));
    await bed.step();
    expect(bed.problem).toBeUndefined();
    follower.onDeclared(alone(5));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "complete", "keep 5"]);
  });

  it("goes back from a set that may have decided alone only with its counters, however long that takes", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    // Whether this process hears of 5 alone does not matter.
    follower.onDeclared(both(5, 3));
    await bed.step();
    expect(bed.problem).toBeUndefined();
    expect(bed.state).toBe("joint 5 3");
    bed.failures = 3;
    follower.onDeclared(alone(3));
    await bed.clock.advance(20_000);
    const tries = ["carry back", "carry back", "carry back", "carry back"];
    expect(bed.calls).toEqual(["joint 5", ...tries, "keep 3"]);
    expect(bed.state).toBe("stable 3");
  });

  it("does not go back after the next set was declared, unless the pair leads back", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(alone(5));
    await bed.step();
    follower.onDeclared(both(3, 5));
    follower.onDeclared(alone(3));
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5"]);
    expect(bed.problem).toContain("declare quorumlock/size=5 with quorumlock/next-size=3, wait until");
    follower.onDeclared(both(5, 3));
    follower.onDeclared(alone(3));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "carry back", "keep 3"]);
  });

  it("goes to no set if both were declared alone, because other processes can be at either", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await bed.step();
    follower.onDeclared(both(5, 3));
    await settle();
    // Both come before its next step.
    bed.failures = 1;
    follower.onDeclared(alone(3));
    await settle();
    follower.onDeclared(alone(5));
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5", "carry back"]);
    expect(bed.problem).toContain("other processes can use another set");
    follower.onDeclared(both(3, 5));
    follower.onDeclared(alone(5));
    await bed.step();
    expect(bed.calls).toEqual(["joint 5", "carry back", "complete", "keep 5"]);
  });

  it("does not complete if the next set was declared before this process was joint", async () => {
    const follower = bed.start(alone(3));
    bed.isHeld = true;
    follower.onDeclared(both(3, 5));
    await settle();
    follower.onDeclared(alone(5));
    bed.release();
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5"]);
    expect(bed.state).toBe("joint 3 5");
    expect(bed.problem).toContain("this process was not joint");
  });

  it("does not go back after others may have gone on", async () => {
    const follower = bed.start(alone(3));
    follower.onDeclared(both(3, 5));
    await settle();
    // Both come within the pause after the first step.
    follower.onDeclared(alone(5));
    follower.onDeclared(alone(3));
    await bed.clock.advance(100_000);
    expect(bed.calls).toEqual(["joint 5"]);
    expect(bed.problem).toContain("without a change to it from both sizes");
  });
});

describe("failures and flapping", () => {
  it("tries a failed step again, with pauses that double", async () => {
    const follower = bed.start(alone(3));
    bed.failures = 3;
    follower.onDeclared(both(3, 5));
    await settle();
    expect(bed.problem).toBe("the set is not changed to the size 5: no quorum");
    await bed.clock.advance(20_000);
    expect(bed.calls.filter((call) => call === "joint 5")).toHaveLength(4);
    expect(bed.problem).toBeUndefined();
    bed.failures = 1;
    follower.onDeclared(alone(5));
    await bed.clock.advance(20_000);
    expect(bed.calls.filter((call) => call === "complete")).toHaveLength(2);
    expect(bed.state).toBe("stable 5");
  });

  it("pauses up to 30 s between failed steps", async () => {
    const follower = bed.start(alone(3));
    const tries = (): number => bed.calls.filter((call) => call === "joint 5").length;
    bed.failures = Infinity;
    follower.onDeclared(both(3, 5));
    await bed.clock.advance(60_000);
    expect(tries()).toBeGreaterThan(3);
    expect(tries()).toBeLessThan(10);
    await bed.clock.advance(300_000);
    expect(tries()).toBeLessThan(35);
    follower.close();
  });

  it("makes few changes of many declarations, and the latest one counts", async () => {
    const follower = bed.start(alone(3));
    for (let round = 0; round < 1_000; round += 1) {
      follower.onDeclared(round % 2 === 0 ? both(3, 5) : alone(3));
      await bed.clock.advance(10);
    }
    expect(bed.calls.length).toBeLessThan(40);
    follower.onDeclared(both(3, 4));
    await bed.clock.advance(10_000);
    expect(bed.state).toBe("joint 3 4");
  });

  it("ends with the client, and with close, and leaves no timer", async () => {
    const follower = bed.start(alone(3));
    bed.isHeld = true;
    follower.onDeclared(both(3, 5));
    await settle();
    follower.close();
    await bed.step();
    expect(bed.clock.pending).toBe(0);
    const other = new Bed();
    const second = other.start(alone(3));
    other.isHeld = true;
    second.onDeclared(both(3, 5));
    await settle();
    other.release(new LockClosedError([]));
    await settle();
    second.onDeclared(both(3, 7));
    await other.clock.advance(100_000);
    expect(other.calls).toEqual(["joint 5", "keep 3"]);
    expect(other.clock.pending).toBe(0);
  });
});
