/** The number of the section that says what memory a WebAssembly has. */
const MEMORY = 5;
/** Flags of a memory with a maximum, and of one that threads share, which must have one. */
const LIMITED = 1;
const SHARED = 3;

/**
 * A WebAssembly whose memory threads can share: the one with its own memory has the same bytes but for one.
 *
 * @throws {SyntaxError} If it does not have one memory of its own with a maximum.
 */
export function withSharedMemory(wasm: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(wasm);
  let at = 8; // after the magic number and the version
  const integer = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = copy[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < copy.length) {
    const section = copy[at++];
    const end = integer() + at;
    if (section === MEMORY && integer() === 1 && copy[at] === LIMITED) {
      copy[at] = SHARED;
      return copy;
    }
    at = end;
  }
  throw new SyntaxError("the WebAssembly has no memory of its own with a maximum.");
}
