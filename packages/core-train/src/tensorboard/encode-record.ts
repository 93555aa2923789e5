import { crc32c } from "./crc32c.ts";

/**
 * Frames one record of a TFRecord file, which is nothing but records: `[length, u64] [checksum of these 8 bytes] [payload] [checksum
 * of the payload]`.
 */
export function encodeRecord(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(payload.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(payload.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(payload, 12);
  view.setUint32(12 + payload.length, masked(crc32c(payload)), true);
  return record;
}

/** Turned and shifted, so that a checksum of data that holds checksums still tells something. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
