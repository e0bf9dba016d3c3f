/** The number of hash slots of a Redis cluster. */
export const SLOTS = 16_384;

/** CRC16 (XMODEM) of each byte. */
const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc;
});

/** The hash slot of a key. Source: Redis Cluster specification, "Key distribution model". */
export function hashSlot(key: string): number {
  const open = key.indexOf("{");
  const close = open < 0 ? -1 : key.indexOf("}", open + 1);
  return close > open + 1 ? slotOf(key, open + 1, close) : slotOf(key, 0, key.length);
}

function slotOf(text: string, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return slotOfBytes(Buffer.from(text.slice(from, to)));
    crc = ((crc << 8) & 0xff00) ^ CRC_OF_BYTE[(crc >> 8) ^ code]!;
  }
  return crc & (SLOTS - 1);
}

function slotOfBytes(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xff00) ^ CRC_OF_BYTE[(crc >> 8) ^ byte]!;
  return crc & (SLOTS - 1);
}

const BASE = 36;

/** The tag of each hash slot, made on first use. */
const tags: (string | undefined)[] = [];
/** Number of candidates that were assigned to their slots. */
let candidateCount = 0;

/** The first number in base 36 that lies in the slot. So every process uses the same short tag. */
export function tagOfSlot(slot: number): string {
  let tag = tags[slot];
  while (tag === undefined) {
    const candidate = candidateCount.toString(BASE);
    candidateCount += 1;
    tags[hashSlot(candidate)] ??= candidate;
    tag = tags[slot];
  }
  return tag;
}
