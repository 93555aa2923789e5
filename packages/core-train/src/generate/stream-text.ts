import { checkArguments } from "../check-arguments.ts";
/** Knows the bytes of each token in UTF-8. Those of a character may be spread over several tokens. */
export interface ByteTokenizer {
  bytesOf(token: number): Uint8Array;
}

/**
 * Turns tokens into pieces of text as they arrive. A piece holds whole characters only: where a character is spread over several
 * tokens, it is given with the last of them. Bytes that are not UTF-8 become `U+FFFD`, also those of a character that never ends.
 *
 * ```ts
 * for await (const piece of streamText(generate(model, prompt, { rng }), tokenizer)) process.stdout.write(piece);
 * ```
 *
 * @param tokens what {@link generate} gives
 * @returns pieces, none of them empty; together they are the text of all tokens
 */
export async function* streamText(
  tokens: AsyncIterable<number> | Iterable<number>,
  tokenizer: ByteTokenizer,
): AsyncGenerator<string, void, undefined> {
  checkArguments("streamText", { iterable: { tokens }, "{ bytesOf }": { tokenizer } });
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const token of tokens) {
    const piece = decoder.decode(tokenizer.bytesOf(token), { stream: true });
    if (piece !== "") yield piece;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
