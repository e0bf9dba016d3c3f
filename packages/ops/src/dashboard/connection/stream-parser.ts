export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events from text that arrives in pieces. `EventSource` is not used, because it hides the status of a reply:
 * the page must know a 401 from a 502.
 */
export class StreamParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #isAfterReturn = false;

  /** The messages that this piece completes. */
  push(text: string): StreamMessage[] {
    // A piece can end between the two characters of a line break.
    const piece = this.#isAfterReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#isAfterReturn = text.endsWith("\r");
    const lines = (this.#rest + piece).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#readLine(line));
  }

  #readLine(line: string): StreamMessage[] {
    if (line === "") return this.#endMessage();
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    return [];
  }

  #endMessage(): StreamMessage[] {
    const message = { event: this.#event, data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return isEmpty ? [] : [message];
  }
}
