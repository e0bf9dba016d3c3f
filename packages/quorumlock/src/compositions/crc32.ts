/** The polynomial 0x04C11DB7, with its bits in reverse order. */
const POLYNOMIAL = 0xedb88320;

/** CRC-32 as in zlib, gzip and PNG (ISO-HDLC): from 0 to 2^32 − 1. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  }
  return ~crc >>> 0;
}
