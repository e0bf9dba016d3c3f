import { get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** The status and the body of a response. */
export interface HttpAnswer {
  readonly status: number | undefined;
  /** The value of a JSON body, or the text of another one. */
  readonly body: unknown;
}

/** Sends a GET request on a connection of its own. A connection that stays open would hold up the shutdown of its server. */
export async function getAnswer(url: string): Promise<HttpAnswer> {
  const [response] = (await once(get(url, { agent: false }), "response")) as [IncomingMessage];
  const body = await text(response);
  const isJson = response.headers["content-type"]?.includes("json") ?? false;
  return { status: response.statusCode, body: isJson ? (JSON.parse(body) as unknown) : body };
}
