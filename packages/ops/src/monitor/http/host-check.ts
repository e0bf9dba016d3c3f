import { isIP } from "node:net";
import { isLoopbackHost, type ListenAddress } from "./listen-address.ts";

/** The host of a `Host` header or of an origin, without brackets and without the port. `undefined` if it is no host. */
export function hostNameOf(host: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}

/**
 * Whether the monitor answers to a host name. A page of another site can point its own name to 127.0.0.1 (DNS rebinding). Its requests
 * then have that name, so only known names are answered. An address is no name that such a page could have.
 */
export function isAllowedHost(name: string, listen: ListenAddress, publicHosts: readonly string[]): boolean {
  if (isLoopbackHost(name) || publicHosts.includes(name)) return true;
  if (listen.isLoopback) return false;
  return name === listen.host.toLowerCase() || isIP(name) !== 0;
}
