import { connect } from "node:net";

const CRLF = "\r\n";

/** The answer of a server: a value (string, number, or `""` for nil) or an error, each as text. */
export type RespAnswer =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "error"; readonly text: string };

/**
 * Sends one command to a server on this machine, on a new connection, and returns its answer. It needs no Redis client. It
 * cannot read arrays, so it is only for commands such as PING, INFO and CLUSTER.
 *
 * @param options.timeoutMs how long the server may be silent, in ms. @default 1_000
 * @throws Error if no process listens on the port, the connection breaks, or the server is silent for too long.
 */
export function respRequest(
  port: number,
  command: readonly (string | number)[],
  { timeoutMs = 1_000 }: { readonly timeoutMs?: number } = {},
): Promise<RespAnswer> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect({ port, host: "127.0.0.1" });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const request = `${command.slice(0, 2).join(" ")} to 127.0.0.1:${port}`;
    socket.setTimeout(timeoutMs, () => fail(new Error(`no answer to ${request} within ${timeoutMs} ms`)));
    socket.once("connect", () => socket.write(encode(command)));
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const answer = parse(received);
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once("error", fail);
    socket.once("close", () => fail(new Error(`the connection was closed before the answer to ${request}`)));
  });
}

function encode(command: readonly (string | number)[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(String(part))}${CRLF}${part}${CRLF}`);
  return `*${parts.length}${CRLF}${parts.join("")}`;
}

/** The answer, or `undefined` if it has not arrived completely. */
function parse(received: string): RespAnswer | undefined {
  const lineEnd = received.indexOf(CRLF);
  if (lineEnd === -1) return undefined;
  const line = received.slice(1, lineEnd);
  switch (received[0]) {
    case "+":
    case ":":
      return { kind: "value", text: line };
    case "-":
      return { kind: "error", text: line };
    case "$": {
      const length = Number(line);
      if (length < 0) return { kind: "value", text: "" };
      const start = lineEnd + CRLF.length;
      if (received.length < start + length + CRLF.length) return undefined;
      return { kind: "value", text: received.slice(start, start + length) };
    }
    default:
      return { kind: "error", text: `the answer is not one of a Redis server: ${line}` };
  }
}
