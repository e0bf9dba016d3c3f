/** The key of a resource and its siblings, all in one hash slot of a cluster (protocol §3). */
export class ResourceKeys {
  /** Holds the exclusive holder's token. */
  readonly lock: string;
  /** What the siblings begin with. */
  readonly #stem: string;

  constructor(lock: string) {
    this.lock = lock;
    this.#stem = hashTag(lock) === undefined ? `{${lock}}:` : `${lock}:`;
  }

  /** Holds the last fencing token granted here. */
  get fence(): string {
    return `${this.#stem}fence`;
  }

  /**
   * As a channel it is told of every release. As a key it holds the line of those who wait: a hint, whom to wake first.
   */
  get wake(): string {
    return `${this.#stem}wake`;
  }
}

/**
 * The keys of one resource. A name with a `}` but without a hash tag, like `a}b`, has no siblings in its slot: a cluster
 * refuses it with CROSSSLOT.
 */
export function resourceKeys(prefix: string, resource: string): ResourceKeys {
  return new ResourceKeys(prefix + resource);
}

/** @throws RangeError where the lock's key would be a sibling of another's. */
export function checkResource(prefix: string, resource: string): void {
  const lock = prefix + resource;
  if (hashTag(lock) === undefined || !/:(fence|queue|wake)$/.test(lock)) return;
  throw new RangeError(
    `name: ${JSON.stringify(resource)} makes the key ${lock}, which is kept for another lock's own use`,
  );
}

/**
 * The part of a key between its first `{` and the next `}`, which alone decides its slot; `undefined` where
 * there is none.
 */
function hashTag(key: string): string | undefined {
  const open = key.indexOf("{");
  const close = key.indexOf("}", open + 1);
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : undefined;
}

/**
 * The hash slot of a key: CRC16 (XMODEM) modulo 16384. Source: Redis Cluster specification, "Key distribution
 * model".
 */
export function hashSlot(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(hashTag(key) ?? key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc % 16384;
}
