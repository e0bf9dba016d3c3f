import { describe, expect, test } from "vitest";
import type { Member } from "../../src/members/member.ts";
import { countBits, maskOf, Voters } from "../../src/members/voters.ts";

function members(...indexes: readonly number[]): readonly Member[] {
  return indexes.map((index) => ({ index }) as Member);
}

describe("one set of voters", () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [31, 16],
  ])("of %i has a quorum with %i votes, and with no fewer", (size, quorum) => {
    const voters = new Voters(members(...Array.from({ length: size }, (_, index) => index)));
    for (let votes = 0; votes <= size; votes += 1) {
      expect(voters.hasQuorum(maskOf(voters.members.slice(size - votes)))).toBe(votes >= quorum);
    }
  });

  test("does not count votes of other members", () => {
    expect(new Voters(members(0, 1, 2)).hasQuorum(0b1111001)).toBe(false);
  });

  test("can decide when its majority can vote", () => {
    const voters = new Voters(members(0, 2, 3));
    expect(voters.size).toBe(4);
    expect(voters.quorumReadyAt([50, 0, 10, 30])).toBe(30);
    expect(voters.quorumReadyAt([50])).toBe(Infinity);
  });

  test("needs an index of its own for each member", () => {
    expect(() => new Voters(members(0, 1, 1))).toThrow(/^internal error: /);
  });
});

describe("two sets of voters", () => {
  const [a, b, c, d] = members(0, 1, 2, 3) as [Member, Member, Member, Member];
  const joint = new Voters([a, b, c], [b, c, d]);

  test("need a majority of each", () => {
    expect([0b0011, 0b1100, 0b0110, 0b1011, 0b1001].map((mask) => joint.hasQuorum(mask))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(joint.needed).toBe("2 of 3 present and 2 of 3 next instances");
    expect(joint.quorumReadyAt([1, 2, 3, 9])).toBe(3);
  });

  test("cover each of them alone, and neither covers both", () => {
    const [current, next] = [new Voters([a, b, c]), new Voters([c, b, d])];
    expect([joint.covers(current), joint.covers(next), joint.covers(joint)]).toEqual([true, true, true]);
    expect([current.covers(joint), next.covers(joint), current.covers(next)]).toEqual([false, false, false]);
  });

  test("have a duplicate only within one set", () => {
    expect(
      joint.findDuplicates(({ index }) => (index === 0 || index === 3 ? "same" : undefined)),
    ).toBeUndefined();
    expect(joint.findDuplicates(({ index }) => (index === 1 || index === 3 ? "same" : undefined))).toEqual([
      b,
      d,
    ]);
  });
});

test("all 32 bits are counted", () => {
  expect([0, 1, 0b1011, 1 << 31, -1].map(countBits)).toEqual([0, 1, 3, 1, 32]);
});
