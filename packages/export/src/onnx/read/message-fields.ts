import { type Field, readFields, readPacked } from "./read-fields.ts";

/** The fields of one message, by number. */
export class MessageFields {
  readonly #fields: readonly Field[];

  constructor(message: Uint8Array) {
    this.#fields = [...readFields(message)];
  }

  /** The bytes of each field of a number: messages, texts, raw numbers. */
  bytes(number: number): readonly Uint8Array[] {
    return this.#fields.flatMap((field) => (field.field === number && "bytes" in field ? [field.bytes] : []));
  }

  /** The messages of a number. */
  messages(number: number): readonly MessageFields[] {
    return this.bytes(number).map((bytes) => new MessageFields(bytes));
  }

  /** The first message of a number, or one without fields. */
  message(number: number): MessageFields {
    return new MessageFields(this.bytes(number)[0] ?? new Uint8Array(0));
  }

  /** Signed integers, one field each or packed. */
  bigInts(number: number): readonly bigint[] {
    return this.#fields
      .flatMap((field) => {
        if (field.field !== number) return [];
        return "int" in field ? [field.int] : [...readPacked(field.bytes)];
      })
      .map((value) => BigInt.asIntN(64, value));
  }

  ints(number: number): readonly number[] {
    return this.bigInts(number).map(Number);
  }

  int(number: number): number | undefined {
    return this.ints(number)[0];
  }

  texts(number: number): readonly string[] {
    return this.bytes(number).map((bytes) => new TextDecoder().decode(bytes));
  }

  /** The first text of a number, or an empty one. */
  text(number: number): string {
    return this.texts(number)[0] ?? "";
  }

  /** Numbers of 32 bits, one field each or packed. */
  floats(number: number): readonly number[] {
    return this.bytes(number).flatMap((bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
    });
  }
}
