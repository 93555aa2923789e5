/**
 * The byte that each character of a byte-level vocabulary stands for. GPT-2 writes printable bytes as themselves and the others as
 * the characters from `U+0100` on, in order: a space is `Ġ`.
 *
 * Radford et al., 2019, section 2.2.
 */
export const byteOfCharacter: ReadonlyMap<string, number> = new Map(characters());

function* characters(): Generator<[character: string, byte: number]> {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  for (let byte = 0; byte < 256; byte++)
    yield [String.fromCodePoint(isPrintable(byte) ? byte : next++), byte];
}
