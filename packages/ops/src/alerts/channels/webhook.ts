import { createHmac } from "node:crypto";
import type { AlertMessage } from "../message.ts";
import type { AlertChannel } from "./channel.ts";
import { post, secretsOf } from "./post.ts";

export interface WebhookOptions {
  readonly url: string;
  /** Signs each message: `x-quorumlock-signature` is the HMAC-SHA256 of the timestamp, a dot and the body. @default no signature */
  readonly secret?: string | undefined;
  /** @default "webhook" */
  readonly name?: string | undefined;
}

/** The form of a webhook. Fields are only ever added. */
const SCHEMA = 1;

/** Sends each message as JSON. */
export function webhookChannel({ url, secret, name = "webhook" }: WebhookOptions): AlertChannel {
  const secrets = [...secretsOf("url", url), ...(secret === undefined ? [] : [secret])];
  return {
    name,
    send(message, signal) {
      const body = JSON.stringify(payloadOf(message));
      return post(url, body, { headers: signatureOf(body, message.at, secret), signal, secrets });
    },
  };
}

function payloadOf({ kind, title, at, text, lines, more }: AlertMessage): object {
  return { schema: SCHEMA, kind, title, at, text, alerts: lines, more };
}

function signatureOf(body: string, at: number, secret: string | undefined): Record<string, string> {
  if (secret === undefined) return {};
  const signature = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { "x-quorumlock-timestamp": String(at), "x-quorumlock-signature": `sha256=${signature}` };
}
