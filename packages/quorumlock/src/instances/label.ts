import { redact } from "../base/redact.ts";

/** Where a server is, in the options of a client library. */
export type Address =
  | string
  | number
  | {
      readonly url?: string | undefined;
      readonly host?: string | undefined;
      readonly port?: number | undefined;
      readonly socket?: { readonly host?: string; readonly port?: number };
    };

/** The first of a list of addresses. `undefined` if the option is not a list. */
export function first(addresses: unknown): Address | undefined {
  return Array.isArray(addresses) ? (addresses as readonly Address[])[0] : undefined;
}

/** The host and the port of a URL, as it has them. Without a host, client libraries connect to this machine. */
export function hostOf({ host }: URL): string {
  return host === "" ? "localhost:6379" : host;
}

/** An address as `host:port`, never with a password. */
export function addressOf(address: Address | undefined, defaultPort = 6379): string {
  if (typeof address === "string") return URL.canParse(address) ? hostOf(new URL(address)) : redact(address);
  if (typeof address === "number") return `localhost:${address}`;
  if (address?.url !== undefined) return addressOf(address.url);
  const { host = "localhost", port = defaultPort } = { ...address, ...address?.socket };
  return redact(`${host}:${port}`);
}
