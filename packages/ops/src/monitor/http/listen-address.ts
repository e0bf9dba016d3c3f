/** Where the monitor listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Whether a host, without brackets, is a name of this machine for itself. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/** @throws RangeError if `text` is not `host:port` or `[IPv6]:port`. */
export function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, portText] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host === undefined || port > 65_535)
    throw new RangeError(`listen: ${JSON.stringify(text)} must be host:port, such as 127.0.0.1:5000`);
  return { host, port, isLoopback: isLoopbackHost(host) };
}
