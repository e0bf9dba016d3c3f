/** A value in a reply. A string is a bulk string, and a number is an integer. */
export type RespValue = string | number | null | readonly RespValue[] | RespError | RespMap | RespPush;

export class RespError {
  readonly text: string;

  /** `text`: a code and a message, for example "NOSCRIPT No matching script". */
  constructor(text: string) {
    this.text = text;
  }
}

/** A map in RESP 3, and a list of keys and values in RESP 2. */
export class RespMap {
  readonly entries: readonly RespValue[];

  constructor(...entries: readonly RespValue[]) {
    this.entries = entries;
  }
}

/** A message that is not the reply to a command, in RESP 3. In RESP 2 it is a list. */
export class RespPush {
  readonly parts: readonly RespValue[];

  constructor(...parts: readonly RespValue[]) {
    this.parts = parts;
  }
}

export function encodeReply(value: RespValue, version: 2 | 3): string {
  const isThree = version === 3;
  const list = (head: string, items: readonly RespValue[]): string =>
    `${head}\r\n${items.map((item) => encodeReply(item, version)).join("")}`;
  if (value === null) return isThree ? "_\r\n" : "$-1\r\n";
  if (typeof value === "number") return `:${value}\r\n`;
  if (typeof value === "string") return `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
  if (value instanceof RespError) return `-${value.text}\r\n`;
  if (value instanceof RespMap) {
    const { entries } = value;
    return isThree ? list(`%${entries.length / 2}`, entries) : list(`*${entries.length}`, entries);
  }
  if (value instanceof RespPush) return list(`${isThree ? ">" : "*"}${value.parts.length}`, value.parts);
  return list(`*${value.length}`, value);
}

/** Collects the bytes of one connection and splits them into commands. */
export class CommandReader {
  #received = Buffer.alloc(0);

  /** Returns the commands that are complete now. */
  read(data: Buffer): readonly (readonly string[])[] {
    this.#received = Buffer.concat([this.#received, data]);
    const commands: (readonly string[])[] = [];
    for (;;) {
      const found = this.#first();
      if (found === undefined) return commands;
      commands.push(found.parts);
      this.#received = this.#received.subarray(found.end);
    }
  }

  /** The first command and the place where it ends. `undefined` if it is not complete. */
  #first(): { readonly parts: readonly string[]; readonly end: number } | undefined {
    const head = this.#line(0);
    if (head === undefined) return undefined;
    const parts: string[] = [];
    let { end } = head;
    for (let left = Number(head.text.slice(1)); left > 0; left -= 1) {
      const length = this.#line(end);
      if (length === undefined) return undefined;
      const partEnd = length.end + Number(length.text.slice(1));
      if (this.#received.length < partEnd + 2) return undefined;
      parts.push(this.#received.toString("utf8", length.end, partEnd));
      end = partEnd + 2;
    }
    return { parts, end };
  }

  #line(start: number): { readonly text: string; readonly end: number } | undefined {
    const lineEnd = this.#received.indexOf("\r\n", start);
    if (lineEnd === -1) return undefined;
    return { text: this.#received.toString("latin1", start, lineEnd), end: lineEnd + 2 };
  }
}
