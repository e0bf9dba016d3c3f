/** A request in a script call of quorumlock. */
export interface ScriptRequest {
  /** Such as `mutex.acquire`. */
  readonly operation: string;
  readonly token: string;
}

/** The parts of a command. Source: RESP, "Sending commands to a Redis server". The command must be ASCII. */
export function partsOf(command: string): readonly string[] {
  const parts: string[] = [];
  for (let at = command.indexOf("\r\n") + 2; at < command.length;) {
    const end = command.indexOf("\r\n", at);
    const length = Number(command.slice(at + 1, end));
    parts.push(command.slice(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return parts;
}

/** The requests of an `EVALSHA` command. `call.lua` documents the arguments. The first own argument of a request is the token. */
export function requestsIn([, , keyCount = "0", ...rest]: readonly string[]): readonly ScriptRequest[] {
  const args = rest.slice(Number(keyCount));
  const requests: ScriptRequest[] = [];
  for (let at = 0; at < args.length;) {
    const [operation = "", ...numbers] = args.slice(at, at + 5);
    const [count = 0, , own = 0, shared = 0] = numbers.map(Number);
    at += 5 + shared;
    for (let index = 0; index < count; index++)
      requests.push({ operation, token: own === 0 ? "" : (args[at + index * own] ?? "") });
    at += count * own;
  }
  return requests;
}
