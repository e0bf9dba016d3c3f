import { safeError } from "./redact.ts";

/** Posts JSON. Resolves to the status. Redirects are refused, because a message must not go to another place. */
export async function post(
  url: string,
  body: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    readonly secrets: readonly string[];
  },
): Promise<string> {
  const { headers, signal, secrets } = options;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal,
      redirect: "manual",
    });
    await response.body?.cancel();
  } catch (error) {
    signal.throwIfAborted();
    throw safeError(error, secrets);
  }
  const { status, statusText, ok } = response;
  if (!ok) throw safeError(new Error(`${status} ${statusText}`.trim()), secrets);
  return String(status);
}

/**
 * Parts of a URL that can be secrets: user, password, query, and a path such as that of a webhook of Slack.
 *
 * @throws RangeError without the URL, because it is a secret
 */
export function secretsOf(field: string, url: string): readonly string[] {
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new RangeError(`${field}: the value must be a URL that begins with https:// or http://`);
  const { username, password, search, pathname } = new URL(url);
  return [url, password, username, search, pathname].filter((part) => part !== "" && part !== "/");
}
