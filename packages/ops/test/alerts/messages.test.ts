import { describe, expect, test } from "vitest";
import { escapeSlack } from "../../src/alerts/channels/slack.ts";
import { redact } from "../../src/alerts/channels/redact.ts";
import { type AlertChannel, type AlertMessage, customChannel } from "../../src/alerts/index.ts";
import { AlertBed, down, server } from "./support/alert-bed.ts";

const S = 1_000;
const MIN = 60 * S;

function toggleBed() {
  const state = { isWrong: false };
  const bed = new AlertBed({ ownRules: { wrong: () => state.isWrong && "It is wrong." } });
  return { bed, state };
}

describe("repeats", () => {
  test("one message in 5 min for the same rule and labels, whatever it does; resolved once for each", async () => {
    const { bed, state } = toggleBed();
    await bed.clock.advance(MIN);
    for (let round = 0; round < 4; round += 1) {
      state.isWrong = true;
      await bed.clock.advance(30 * S);
      state.isWrong = false;
      await bed.clock.advance(30 * S);
    }
    await bed.clock.advance(MIN);
    expect(bed.lines).toEqual(["▲ It is wrong.", expect.stringMatching(/^● wrong has ended/) as string]);
    state.isWrong = true;
    await bed.clock.advance(2 * MIN);
    expect(bed.lines).toHaveLength(3);
  });

  test("an alert that fires again within 5 min is sent when they are over, if it still fires", async () => {
    const { bed, state } = toggleBed();
    await bed.clock.advance(MIN);
    state.isWrong = true;
    await bed.clock.advance(MIN);
    state.isWrong = false;
    await bed.clock.advance(MIN);
    state.isWrong = true;
    await bed.clock.advance(2 * MIN);
    expect(bed.lines).toHaveLength(2);
    await bed.clock.advance(3 * MIN);
    expect(bed.lines).toHaveLength(3);
  });

  test("a reminder each hour while it fires", async () => {
    const { bed, state } = toggleBed();
    await bed.clock.advance(MIN);
    state.isWrong = true;
    await bed.clock.advance(59 * MIN);
    expect(bed.lines).toHaveLength(1);
    await bed.clock.advance(3 * MIN);
    expect(bed.lines[1]).toMatch(/^▲ It is wrong\. Since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$/);
    expect(bed.messages[1]?.lines[0]?.kind).toBe("reminder");
    await bed.clock.advance(60 * MIN);
    expect(bed.lines).toHaveLength(3);
  });

  test("nothing is resolved that was not sent", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-a", down);
    await bed.clock.advance(MIN);
    bed.set("redis-a", { isAnswering: true, isVoting: true });
    await bed.clock.advance(20 * MIN);
    expect(bed.messages).toEqual([]);
  });
});

describe("groups", () => {
  test("changes within 10 s are one message, worst first, with 10 lines and the number of the others", async () => {
    const bed = new AlertBed({
      ownRules: {
        many: () =>
          Array.from({ length: 23 }, (_, index) => ({
            labels: { n: String(index) },
            text: `problem ${index}`,
          })),
        worst: { severity: "critical", find: () => [{ labels: {}, text: "the worst" }] },
      },
    });
    await bed.clock.advance(9 * S);
    expect(bed.messages).toEqual([]);
    await bed.clock.advance(2 * S);
    expect(bed.messages).toHaveLength(1);
    expect(bed.lines).toHaveLength(11);
    expect(bed.lines[0]).toBe("✕ the worst");
    expect(bed.lines.at(-1)).toBe("and 14 more");
    expect(bed.messages[0]?.subject).toBe("[quorumlock production] ✕ the worst");
  });

  test("the body has the time, the remedy and links", async () => {
    const bed = new AlertBed({ monitorUrl: "https://locks.example.com/dashboard" });
    await bed.clock.advance(MIN);
    bed.set("redis-c", down);
    await bed.clock.advance(3 * MIN);
    expect(bed.messages[0]?.body).toMatch(
      /^▲ No spare: .*\nSince 20.* UTC\.\nDo this: start the server.*\.\n\nMonitor: https:\/\/locks.example.com\/dashboard\nAbout no_spare: https:\S+#no_spare$/,
    );
  });
});

describe("texts", () => {
  test("names of locks and servers cannot break lines or hide letters, and are cut", async () => {
    const bed = new AlertBed();
    bed.servers = [
      server(`redis\r\nBcc: x@example.com\u202e${"x".repeat(200)}`, down),
      server("b"),
      server("c"),
    ];
    await bed.clock.advance(4 * MIN);
    const [message] = bed.messages;
    expect(message?.subject).not.toMatch(/[\r\n\u202e]/);
    expect(message?.subject.length).toBeLessThan(220);
    expect(message?.text.split("\n")).toHaveLength(1);
  });

  test("Slack gets no links, no mentions and no markup", () => {
    expect(escapeSlack("<!here> & <https://x|y> @here @channel @Everyone a@b.c")).toBe(
      "&lt;!here&gt; &amp; &lt;https://x|y&gt; @\u200bhere @\u200bchannel @\u200bEveryone a@b.c",
    );
  });

  test("errors show no secret", () => {
    const text = redact("connect //user:pa55@host failed for s3cr3t and https://x/T0/B0", [
      "s3cr3t",
      "/T0/B0",
    ]);
    expect(text).toBe("connect //***@host failed for *** and https://x***");
  });
});

describe("channels", () => {
  test("one that fails and one that hangs delay no other; both are reported on the others", async () => {
    const state = { isWrong: false, isBroken: true };
    const received: AlertMessage[] = [];
    let tries = 0;
    const good = customChannel("good", (message) => void received.push(message));
    const bad = customChannel("bad", () => {
      tries += 1;
      if (state.isBroken) throw new Error("503 busy");
    });
    const hanging: AlertChannel = { name: "hanging", send: () => new Promise(() => undefined) };
    const bed = new AlertBed({
      channels: [hanging, bad, good],
      ownRules: { wrong: () => state.isWrong && "It is wrong." },
    });
    await bed.clock.advance(MIN);
    state.isWrong = true;
    await bed.clock.advance(45 * S);
    expect(received.map(({ text }) => text)).toEqual(["▲ It is wrong."]);
    await bed.clock.advance(45 * S);
    expect(tries).toBe(4);
    await bed.clock.advance(30 * S);
    const texts = received.flatMap(({ text }) => text.split("\n"));
    expect(texts.slice(1).toSorted()).toEqual([
      "▲ Alerts do not reach bad: 503 busy",
      "▲ Alerts do not reach hanging: no answer within 5 s",
    ]);
    state.isBroken = false;
    state.isWrong = false;
    await bed.clock.advance(3 * MIN);
    expect(
      received.flatMap(({ text }) => text.split("\n")).filter((line) => line.includes("reach bad again")),
    ).toHaveLength(1);
    expect(bed.alerts.messageCounts.get("good")).toMatchObject({ failed: 0, dropped: 0 });
    expect(bed.alerts.messageCounts.get("bad")?.failed).toBeGreaterThan(0);
  });

  test("tries come after 1, 5 and 25 s", async () => {
    const at: number[] = [];
    const bed: AlertBed = new AlertBed({
      channels: [
        customChannel("bad", () => {
          at.push(bed.clock.monotonic());
          throw new Error("no");
        }),
      ],
      ownRules: { wrong: () => "It is wrong." },
    });
    await bed.clock.advance(MIN);
    const first = at[0] ?? 0;
    expect(at.slice(0, 4).map((each) => each - first)).toEqual([0, 1 * S, 6 * S, 31 * S]);
  });

  test("a queue holds 100 messages, and drops the oldest that is not being sent", async () => {
    const bed = new AlertBed({
      channels: [{ name: "hanging", send: () => new Promise(() => undefined) }],
      group: 0,
      suppress: 0,
      repeat: MIN,
      evaluate: S,
      ownRules: {
        counter: ({ now }) => [{ labels: { n: String(Math.floor(now / S)) }, text: "again" }],
      },
    });
    await bed.clock.advance(5 * MIN);
    expect(bed.alerts.messageCounts.get("hanging")?.dropped).toBeGreaterThan(100);
  });

  test("closing sends what waits, and leaves no timer", async () => {
    const { bed, state } = toggleBed();
    await bed.clock.advance(MIN);
    state.isWrong = true;
    await bed.clock.advance(31 * S);
    expect(bed.messages).toEqual([]);
    const closed = bed.alerts.close();
    await bed.clock.advance(S);
    await closed;
    expect(bed.lines).toEqual(["▲ It is wrong."]);
    expect(bed.clock.pending).toBe(0);
  });
});
