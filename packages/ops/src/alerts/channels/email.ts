import { createTransport } from "nodemailer";
import type { AlertChannel } from "./channel.ts";
import { safeError } from "./redact.ts";

export interface EmailOptions {
  readonly host: string;
  /** With 465 the connection is TLS from the start. @default 587 */
  readonly port?: number | undefined;
  /** The user of the mail server. @default `from`, if there is a password */
  readonly user?: string | undefined;
  /** With a password, the channel sends only over TLS. */
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  /** Options of `tls.connect`, such as `ca`. */
  readonly tls?:
    | { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean | undefined }
    | undefined;
  /** @default "mail" */
  readonly name?: string | undefined;
}

/** Each step of the conversation with the mail server may take so long. The time limit of the message ends it earlier. */
const STEP_TIMEOUT_MS = 5_000;
const TLS_PORT = 465;

/** Sends each message by e-mail. */
export function emailChannel(options: EmailOptions): AlertChannel {
  const { host, port = 587, password, from, to, tls, name = "mail" } = options;
  const user = options.user ?? from;
  const secrets = password === undefined ? [] : [password];
  for (const address of [from, ...to]) refuseLineBreaks(address);
  return {
    name,
    async send({ subject, body }, signal) {
      const transport = createTransport({
        host,
        port,
        secure: port === TLS_PORT,
        connectionTimeout: STEP_TIMEOUT_MS,
        greetingTimeout: STEP_TIMEOUT_MS,
        socketTimeout: STEP_TIMEOUT_MS,
        ...(password === undefined ? {} : { auth: { user, pass: password }, requireTLS: port !== TLS_PORT }),
        ...(tls === undefined ? {} : { tls }),
        // Addresses and texts are given as text, never as a path or URL to read.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        const sent = await transport.sendMail({
          from,
          to: [...to],
          subject: headerText(subject),
          text: body,
          // It ends the connection, so that the mail server cannot accept a message that counts as failed.
          signal,
          headers: { "Auto-Submitted": "auto-generated" },
        });
        return sent.response.slice(0, 3);
      } catch (error) {
        signal.throwIfAborted();
        throw safeError(replyOf(error), secrets);
      } finally {
        transport.close();
      }
    },
  };
}

/** A header is one line. A line break in it would begin another header. */
export function headerText(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029\0]+/g, " ");
}

function refuseLineBreaks(address: string): void {
  if (headerText(address) !== address)
    throw new RangeError(`e-mail address ${JSON.stringify(address)}: a line break is not allowed`);
}

/** The reply of the mail server, such as "535 authentication failed", says more than the error of the client. */
function replyOf(error: unknown): unknown {
  const { response } = error as { readonly response?: unknown };
  return typeof response === "string" && response !== "" ? new Error(response) : error;
}
