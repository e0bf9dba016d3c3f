import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectedServer } from "../../cli/connect.ts";
import { safeMessage } from "../../format/safe-message.ts";
import type { Contact } from "../facts.ts";

/** The first bytes of a reply show which protocol it is. */
const MAX_REPLY_BYTES = 512;
const CORRECT_ADDRESS = "Correct the address and the port of this entry.";

/** What one try on a socket of its own has found. */
type Answer =
  | { readonly kind: "bytes"; readonly text: string }
  | { readonly kind: "closed" | "silent" }
  | { readonly kind: "failed"; readonly message: string };

/** How the connection to a server has ended up. If it failed, a socket without a client finds out what is at the address. */
export async function contactOf(server: ConnectedServer, timeoutMs: number): Promise<Contact> {
  if (server.isConnected) return { state: "connected" };
  const message = server.error();
  // A Redis has said why.
  if (message !== undefined && /^(WRONGPASS|NOAUTH|NOPERM|DENIED|ERR )/.test(message))
    return { state: "refused", message };
  const { tls, url, isCluster } = server.settings;
  const { hostname, port } = new URL(url);
  const target = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6_379) };
  const [plain, secured] = await Promise.all([
    ask(() => connectPlain(target), "connect", timeoutMs),
    // A certificate that is not accepted still shows that the server speaks TLS.
    ask(() => connectTls({ ...target, rejectUnauthorized: false }), "secureConnect", timeoutMs),
  ]);
  if (plain.kind === "failed") return { state: "unreachable", message: message ?? plain.message };
  return tls === undefined
    ? withoutTls(plain, secured, { message, timeoutMs, isCluster })
    : withTls(plain, secured, { message, timeoutMs, isCluster });
}

interface Known {
  readonly message: string | undefined;
  readonly timeoutMs: number;
  readonly isCluster: boolean;
}

function withoutTls(plain: Answer, secured: Answer, known: Known): Contact {
  if (isRedis(plain)) return refusedBy(plain, known);
  if (speaksTls(secured))
    return {
      state: "foreign",
      message: "the server expects TLS, and this entry does not use it",
      remedy:
        "Write rediss:// instead of redis:// in this entry, and `tls: {ca_file: …}` for a private authority.",
    };
  return noRedis(plain, known);
}

function withTls(plain: Answer, secured: Answer, known: Known): Contact {
  if (isRedis(plain))
    return {
      state: "foreign",
      message: "the server does not use TLS, and this entry does",
      remedy: "Write redis:// instead of rediss:// in this entry, or give the port for TLS.",
    };
  if (isRedis(secured) || speaksTls(secured))
    return /certificate|altname|self.signed|issuer|expired|alert/i.test(known.message ?? "")
      ? {
          state: "foreign",
          message: `the TLS connection fails: ${known.message}`,
          remedy:
            "Correct `tls` of this entry: `ca_file` for a private authority, `server_name` for the name in the certificate, `cert_file` and `key_file` if the server wants a certificate.",
        }
      : refusedBy(secured, known);
  return noRedis(plain, known);
}

function refusedBy(answer: Answer, { message, timeoutMs, isCluster }: Known): Contact {
  const text = answer.kind === "bytes" ? answer.text.replace(/^[+-]/, "").split("\r\n", 1)[0] : undefined;
  // PONG: the server works, so the client was too slow, or its error says more.
  const isFine = text === undefined || text === "PONG" || text.startsWith("NOAUTH");
  if (!isFine) return { state: "refused", message: text };
  if (message !== undefined) return { state: "refused", message };
  return {
    state: "silent",
    message: isCluster
      ? `the node does, but the cluster was not ready in ${timeoutMs} ms; CLUSTER INFO says whether hash slots have no node`
      : `no connection was ready in ${timeoutMs} ms`,
  };
}

function noRedis(plain: Answer, { timeoutMs }: Known): Contact {
  if (plain.kind === "silent") return { state: "silent", message: `no reply in ${timeoutMs} ms` };
  if (plain.kind === "bytes") {
    const what = plain.text.startsWith("HTTP/") ? "an HTTP server" : "no Redis";
    const reply = JSON.stringify(plain.text.split(/[\r\n]/, 1)[0]?.slice(0, 60));
    return {
      state: "foreign",
      message: `there is ${what}: it answers PING with ${reply}`,
      remedy: CORRECT_ADDRESS,
    };
  }
  return {
    state: "foreign",
    message: "there is no Redis: it closes the connection",
    remedy: CORRECT_ADDRESS,
  };
}

function isRedis(answer: Answer): boolean {
  return answer.kind === "bytes" && /^(\+PONG|-[A-Z]+ )/.test(answer.text);
}

/** A reply, or silence, or an end after the handshake. */
function speaksTls(answer: Answer): boolean {
  return answer.kind !== "failed" && answer.kind !== "silent";
}

/** Connects, sends PING, and reads the first bytes. Never rejects. */
function ask(open: () => Socket, connected: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = open();
    let isOpen = false;
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      finish(isOpen ? { kind: "silent" } : { kind: "failed", message: `no answer in ${timeoutMs} ms` });
    }, timeoutMs);
    socket.once(connected, () => {
      isOpen = true;
      socket.write("PING\r\n");
    });
    socket.once("data", (data: Buffer) =>
      finish({ kind: "bytes", text: data.subarray(0, MAX_REPLY_BYTES).toString("latin1") }),
    );
    socket.once("close", () =>
      finish(isOpen ? { kind: "closed" } : { kind: "failed", message: "the connection was closed" }),
    );
    socket.on("error", (error: Error) =>
      finish(isOpen ? { kind: "closed" } : { kind: "failed", message: safeMessage(error) }),
    );
  });
}
