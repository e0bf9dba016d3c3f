import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { sendOnce } from "../../src/alerts/channels/delivery.ts";
import { headerText } from "../../src/alerts/channels/email.ts";
import { systemClock } from "../../src/alerts/clock.ts";
import {
  type AlertChannel,
  Alerts,
  customChannel,
  emailChannel,
  logChannel,
  slackChannel,
  webhookChannel,
} from "../../src/alerts/index.ts";
import { alertMessage, testMessage } from "../../src/alerts/message.ts";
import { ManualClock } from "./support/alert-clock.ts";

const CONTEXT = { title: "production", monitorUrl: undefined, now: 1_790_000_000_000 };
const LINE = {
  rule: "lock_lost",
  severity: "warning",
  kind: "firing",
  labels: { resource: "order:*" },
  text: "▲ <order> & co lost @here",
  sinceAt: 1_789_999_999_000,
  remedy: "look",
} as const;
const MESSAGE = alertMessage([LINE], CONTEXT);

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A real HTTP server. `status` 0 never answers. */
async function httpServer(status: number, location?: string): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      if (status !== 0) response.writeHead(status, location === undefined ? {} : { location }).end("reply");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/SECRET`, received };
}

async function smtpServer(options: SMTPServerOptions): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, _session, callback) {
      let mail = "";
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => (mail += chunk));
      stream.on("end", () => {
        mails.push(mail);
        callback();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1") as unknown as Server;
  await once(listening, "listening");
  onTestFinished(() => server.close());
  return { port: (listening.address() as AddressInfo).port, mails };
}

const MAIL = { host: "127.0.0.1", from: "locks@example.com", to: ["anna@example.com", "bo@example.com"] };

describe("webhooks", () => {
  test("Slack gets escaped text without mentions", async () => {
    const { url, received } = await httpServer(200);
    expect(await sendOnce(slackChannel({ webhook: url }), MESSAGE, systemClock)).toMatchObject({
      isSent: true,
      detail: "200",
    });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      text: "quorumlock production\n▲ &lt;order&gt; &amp; co lost @\u200bhere",
      mrkdwn: false,
      link_names: false,
    });
  });

  test("the generic one gets JSON with a signature", async () => {
    const { url, received } = await httpServer(204);
    const secret = "the-shared-secret";
    await sendOnce(webhookChannel({ url, secret }), MESSAGE, systemClock);
    const { headers, body } = received[0] as Received;
    expect(JSON.parse(body)).toEqual({
      schema: 1,
      kind: "alerts",
      title: "production",
      at: CONTEXT.now,
      text: LINE.text,
      alerts: [LINE],
      more: 0,
    });
    const timestamp = String(headers["x-quorumlock-timestamp"]);
    const expected = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    expect(headers["x-quorumlock-signature"]).toBe(`sha256=${expected}`);
    expect(body).not.toContain(secret);
  });

  test("500, a redirect and a closed port are failures, and none shows the URL", async () => {
    const failing = await httpServer(500);
    const other = await httpServer(200);
    const redirecting = await httpServer(302, other.url);
    const channels = [failing.url, redirecting.url, "http://127.0.0.1:1/services/T0/SECRET"].map((url) =>
      webhookChannel({ url }),
    );
    const results = await Promise.all(channels.map((channel) => sendOnce(channel, MESSAGE, systemClock)));
    expect(results.map((result) => (result.isSent ? "sent" : result.why))).toEqual([
      "500 Internal Server Error",
      "302 Found",
      expect.not.stringContaining("SECRET") as string,
    ]);
    expect(other.received).toEqual([]);
  });

  test("one that hangs ends after 5 s", async () => {
    const clock = new ManualClock();
    const { url, received } = await httpServer(0);
    const sent = sendOnce(webhookChannel({ url }), MESSAGE, clock);
    await expect.poll(() => received.length).toBe(1);
    await clock.advance(60_000);
    expect(await sent).toEqual({ isSent: false, why: "no answer within 5 s", tookMs: 5_000 });
  });
});

describe("e-mail", () => {
  test("has the first line as its subject, and goes to all", async () => {
    const { port, mails } = await smtpServer({ disabledCommands: ["STARTTLS"] });
    const result = await sendOnce(emailChannel({ ...MAIL, port }), MESSAGE, systemClock);
    expect(result).toMatchObject({ isSent: true, detail: "250" });
    expect(mails[0]).toMatch(/^From: locks@example\.com\r?$/m);
    expect(mails[0]).toMatch(/^To: anna@example\.com, bo@example\.com\r?$/m);
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(mails[0]).toMatch(/^Subject: =\?UTF-8\?Q\?=5Bquorumlock_production=5D_/m);
  });

  test("no line break reaches a header", async () => {
    const { port, mails } = await smtpServer({ disabledCommands: ["STARTTLS"] });
    const hostile = alertMessage(
      [{ ...LINE, text: "lost\r\nBcc: mallory@example.com\r\n\r\nbody" }],
      CONTEXT,
    );
    await sendOnce(emailChannel({ ...MAIL, port }), hostile, systemClock);
    const headers = mails[0]?.split(/\r?\n\r?\n/)[0] ?? "";
    expect(headers).not.toMatch(/^Bcc:/im);
    expect(headerText("a\r\nb\u2028c")).toBe("a b c");
    expect(() => emailChannel({ ...MAIL, port, to: ["a@example.com\r\nBcc: b@example.com"] })).toThrow(
      "a line break is not allowed",
    );
  });

  test("a refused login, a refused recipient and a server that is away are failures without the password", async () => {
    const password = "pa55word-of-mail";
    const refusing = await smtpServer({
      onAuth: (_auth, _session, callback) => {
        const error: Error & { responseCode?: number } = new Error("authentication failed");
        error.responseCode = 535;
        callback(error);
      },
    });
    const closed = await smtpServer({
      disabledCommands: ["STARTTLS"],
      onRcptTo: (_address, _session, callback) => callback(new Error("no such user")),
    });
    const tls = { rejectUnauthorized: false };
    const channels: readonly AlertChannel[] = [
      emailChannel({ ...MAIL, port: refusing.port, password, tls }),
      emailChannel({ ...MAIL, port: closed.port }),
      emailChannel({ ...MAIL, port: 1 }),
    ];
    const results = await Promise.all(channels.map((channel) => sendOnce(channel, MESSAGE, systemClock)));
    expect(results.map((result) => (result.isSent ? "sent" : result.why))).toEqual([
      "535 authentication failed",
      expect.stringContaining("no such user") as string,
      expect.stringContaining("ECONNREFUSED") as string,
    ]);
    expect(JSON.stringify(results)).not.toContain(password);
  });

  test("a mail that was given up is not accepted afterwards", async () => {
    let accept: () => void = () => undefined;
    let onClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    let onAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    const { port, mails } = await smtpServer({
      disabledCommands: ["STARTTLS"],
      onRcptTo: (_address, _session, callback) => {
        accept = callback;
        onAsked();
      },
      onClose: () => onClosed(),
    });
    const controller = new AbortController();
    const channel = emailChannel({ ...MAIL, to: ["anna@example.com"], port });
    const sent = channel.send(MESSAGE, controller.signal);
    await asked;
    controller.abort();
    await expect(sent).rejects.toThrow("abort");
    accept();
    await closed;
    expect(mails).toEqual([]);
  });

  test("a password is never sent without TLS", async () => {
    const { port, mails } = await smtpServer({ disabledCommands: ["STARTTLS"] });
    const channel = emailChannel({ ...MAIL, port, password: "pa55word-of-mail" });
    expect((await sendOnce(channel, MESSAGE, systemClock)).isSent).toBe(false);
    expect(mails).toEqual([]);
  });
});

test("the log has one line of JSON for each alert", async () => {
  const lines: string[] = [];
  const channel = logChannel({ write: (line) => lines.push(line) });
  await sendOnce(channel, MESSAGE, systemClock);
  await sendOnce(channel, testMessage(CONTEXT), systemClock);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { event: "alert", rule: "lock_lost", text: LINE.text },
    { event: "alert-test" },
  ]);
});

test("a webhook that hangs and a mail server that is away delay no other channel", async () => {
  const hanging = await httpServer(0);
  let onArrived: (ms: number) => void = () => undefined;
  const arrived = new Promise<number>((resolve) => (onArrived = resolve));
  const startedAt = performance.now();
  const alerts = new Alerts({
    source: { read: () => ({ hasData: true, quorum: undefined, servers: [], classes: [], losses: [] }) },
    group: 0,
    channels: [
      webhookChannel({ url: hanging.url }),
      emailChannel({ ...MAIL, port: 1 }),
      customChannel("mine", () => onArrived(performance.now() - startedAt)),
    ],
    ownRules: { wrong: () => "It is wrong." },
  });
  // The one that hangs is given up after 5 s.
  expect(await arrived).toBeLessThan(5_000);
  await alerts.close();
});
