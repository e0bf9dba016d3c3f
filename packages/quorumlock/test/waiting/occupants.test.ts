import fc from "fast-check";
import { expect, test } from "vitest";
import type { LockKind, Occupant } from "../../src/operations/kind.ts";
import { clash, type Mode, MODES } from "../../src/operations/mode.ts";
import { modesKind, type ModesTarget } from "../../src/operations/modes.ts";
import { LocalQueue } from "../../src/waiting/local-queue.ts";
import type { Place } from "../../src/waiting/place.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

function inMode(mode: Mode): ModesTarget {
  return { names: ["a"], modes: [mode], ticket: 0, leadMs: 0 };
}

/** `modesKind`, which notes the largest number of occupants that it had to compare. */
function countingKind(hasGroups: boolean): { readonly kind: LockKind; readonly most: () => number } {
  let most = 0;
  const kind: LockKind<ModesTarget> = {
    ...modesKind,
    admits(next, name, others) {
      const all: Occupant[] = [...others].map((other) => ({ ...other, kind: modesKind as LockKind }));
      most = Math.max(most, all.length);
      return modesKind.admits(next, name, all);
    },
  };
  if (!hasGroups) delete kind.groupOf;
  return { kind, most: () => most };
}

test("a caller is compared with one reader, however many there are", () => {
  const queue = new LocalQueue(new VirtualClock());
  const { kind, most } = countingKind(true);
  const places = Array.from({ length: 50 }, () => queue.enterAttached(kind, inMode("S"), 1_000));
  expect(places.every(({ isAdmitted }) => isAdmitted)).toBe(true);
  expect(most()).toBe(1);
});

test("whatever holders do, a queue with groups admits the same callers as one that compares each", () => {
  const mode = fc.constantFrom(...MODES);
  const step = fc.oneof(
    fc.record({ does: fc.constant("enter" as const), mode }),
    fc.record({
      does: fc.constantFrom("leave" as const, "convert" as const),
      index: fc.nat({ max: 20 }),
      mode,
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const sides = [true, false].map((hasGroups) => ({
        kind: countingKind(hasGroups).kind,
        queue: new LocalQueue(new VirtualClock()),
        places: [] as Place[],
      }));
      for (const each of steps) {
        for (const { kind, queue, places } of sides) {
          if (each.does === "enter") {
            const waiter = { onTurn: () => undefined, offeredHold: undefined, refusal: undefined };
            places.push(queue.enter(kind, inMode(each.mode), 1_000, waiter));
            continue;
          }
          const place = places[each.index];
          if (each.does === "leave") place?.leave();
          else if (place !== undefined && canConvert(places, place, each.mode))
            place.convert(inMode(each.mode));
        }
        const [grouped, single] = sides.map(({ places }) => places.map(({ isAdmitted }) => isAdmitted));
        expect(grouped).toEqual(single);
      }
    }),
    { numRuns: 300 },
  );
});

/** Whether the instances would convert the place: it is admitted, and no other holder clashes. */
function canConvert(places: readonly Place[], place: Place, mode: Mode): boolean {
  const isHeld = (one: Place): boolean => one.isAdmitted && one.isQueued;
  return (
    isHeld(place) &&
    places.every(
      (other) => other === place || !isHeld(other) || !clash(mode, (other.target as ModesTarget).modes[0]!),
    )
  );
}
