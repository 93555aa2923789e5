/** A gray picture in the binary form of PGM (`P5`), from 0 to 1. */
export function readPgm(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
} {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const found = /^P5\s+(?:#.*\n)*(\d+)\s+(?:#.*\n)*(\d+)\s+(?:#.*\n)*(\d+)\s/.exec(head);
  const [width = 0, height = 0, most = 0] = found?.slice(1).map(Number) ?? [];
  const start = found?.[0].length ?? 0;
  if (found === null || most < 1 || most > 255 || bytes.length < start + width * height)
    throw new Error("readPgm: expected a P5 file of one byte a pixel, with all of its pixels.");
  const pixels = Float32Array.from(bytes.subarray(start, start + width * height), (p) => p / most);
  return { width, height, pixels };
}
