/** A message in the wire format of Protocol Buffers, written field by field: the format of ONNX files. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** The number of bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** An integer. */
  int(field: number, value: number | bigint): this {
    this.#push(Uint8Array.from([...varint(field << 3), ...varint(value)]));
    return this;
  }

  /** Integers, one field each. */
  ints(field: number, values: readonly number[]): this {
    for (const value of values) this.int(field, value);
    return this;
  }

  /** A number of 32 bits. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#push(Uint8Array.from([...varint((field << 3) | 5), ...bytes]));
    return this;
  }

  /** A text in UTF-8. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Bytes, which are not copied. */
  bytes(field: number, value: Uint8Array): this {
    this.#open(field, value.length);
    this.#push(value);
    return this;
  }

  /** A message within this one. */
  message(field: number, inner: Message): this {
    this.#open(field, inner.length);
    for (const part of inner.#parts) this.#push(part);
    return this;
  }

  /** All bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #open(field: number, length: number): void {
    this.#push(Uint8Array.from([...varint((field << 3) | 2), ...varint(length)]));
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** An integer in groups of 7 bits, the lowest first; a negative one as if it had 64 bits. */
function* varint(value: number | bigint): Generator<number> {
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    yield Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  yield Number(rest);
}
