/**
 * `count` damaged copies of files, the same ones each time: cut, grown, with bits turned, bytes set to telling values, pieces
 * moved, and digits and signs of their text exchanged.
 */
export function* mutations(files: readonly Uint8Array[], count: number): Generator<Uint8Array> {
  const random = xorshift(1);
  const below = (n: number): number => random() % n;
  const telling = [0, 1, 0x20, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x7b, 0x7d, 0x7f, 0x80, 0xff];
  const change: ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.subarray(0, below(bytes.length + 1)),
    (bytes) => concat(bytes, bytes.subarray(below(bytes.length))),
    (bytes) => {
      const at = below(bytes.length);
      return bytes.with(at, (bytes[at] as number) ^ (1 << below(8)));
    },
    (bytes) => bytes.with(below(bytes.length), telling[below(telling.length)] as number),
    (bytes) => bytes.with(below(Math.min(8, bytes.length)), below(256)),
    (bytes) => bytes.with(below(bytes.length), 0x30 + below(10)),
    (bytes) => {
      const [at, from, size] = [below(bytes.length), below(bytes.length), below(40)];
      return concat(bytes.subarray(0, at), bytes.subarray(from, from + size), bytes.subarray(at));
    },
    (bytes) => {
      const at = below(bytes.length);
      return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + below(40)));
    },
    (bytes) => bytes.slice().copyWithin(below(bytes.length), below(bytes.length), below(bytes.length)),
  ];
  for (let i = 0; i < count; i++) {
    let bytes = files[below(files.length)] as Uint8Array;
    for (let times = 1 + below(3); times > 0 && bytes.length > 0; times--) {
      bytes = (change[below(change.length)] as (bytes: Uint8Array) => Uint8Array)(bytes);
    }
    yield bytes;
  }
}

function concat(...pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Marsaglia, 2003: `x ^= x << 13; x ^= x >> 17; x ^= x << 5`. */
function xorshift(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}
