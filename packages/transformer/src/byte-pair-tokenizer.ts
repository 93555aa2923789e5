import { type ByteTokenizer, checkRecord, DataError } from "@pellucid/core-train";
import { Tokenizer } from "@huggingface/tokenizers";
import { byteOfCharacter } from "./byte-characters.ts";

/** The content of a `tokenizer.json` of Hugging Face. */
type TokenizerFile = ConstructorParameters<typeof Tokenizer>[0];

/**
 * Byte pair encoding: turns text into tokens for frequent runs of bytes, and back. Every byte is a token, so any text can be encoded.
 *
 * Sennrich, Haddow and Birch, 2016. https://arxiv.org/abs/1508.07909
 * Radford et al., 2019, section 2.2 (of bytes).
 *
 * ```ts
 * const tokenizer = BytePairTokenizer.fromGpt2(JSON.parse(vocab), merges); // of vocab.json and merges.txt
 * tokenizer.decode(tokenizer.encode("Hello, world")); // "Hello, world"
 * ```
 */
export class BytePairTokenizer implements ByteTokenizer {
  readonly #tokenizer: Tokenizer;
  /** The bytes of each token. */
  readonly #bytes: ReadonlyMap<number, Uint8Array>;

  /**
   * @param file a `tokenizer.json` of Hugging Face, parsed
   * @throws {StructError} For what is not an object.
   * @throws {DataError} For one without `model.vocab`.
   */
  constructor(file: object) {
    checkRecord("BytePairTokenizer", "the file", file, []);
    const { model, added_tokens: added = [] } = file as {
      model?: { vocab?: Readonly<Record<string, number>> };
      added_tokens?: readonly { readonly id: number; readonly content: string }[];
    };
    if (model?.vocab === undefined)
      throw new DataError("BytePairTokenizer: the file has no model.vocab, expected a tokenizer.json.");
    this.#tokenizer = new Tokenizer(file as TokenizerFile, {});
    this.#bytes = new Map([
      ...Object.entries(model.vocab).map(([token, id]) => [id, bytesOfToken(token)] as const),
      ...added.map(({ id, content }) => [id, new TextEncoder().encode(content)] as const),
    ]);
  }

  /**
   * From the two files of GPT-2.
   *
   * @param vocab `vocab.json`, the index of each token
   * @param merges `merges.txt`, the pairs to merge, the most frequent first
   */
  static fromGpt2(vocab: Readonly<Record<string, number>>, merges: string): BytePairTokenizer {
    const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
    const end = "<|endoftext|>";
    const id = vocab[end];
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    return new BytePairTokenizer({
      version: "1.0",
      added_tokens: id === undefined ? [] : [{ id, content: end, ...flags }],
      normalizer: null,
      pre_tokenizer: bytes,
      post_processor: null,
      decoder: bytes,
      model: {
        type: "BPE",
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        vocab,
        merges: merges.split("\n").filter((line) => line !== "" && !line.startsWith("#version")),
      },
    });
  }

  /** The size of the vocabulary. */
  get vocabSize(): number {
    return this.#bytes.size;
  }

  /** The tokens of a text. */
  encode(text: string): Int32Array {
    return Int32Array.from(this.#tokenizer.encode(text, { add_special_tokens: false }).ids);
  }

  /**
   * The text of tokens.
   *
   * @throws {DataError} If a token is not in the vocabulary.
   */
  decode(tokens: Iterable<number>): string {
    const ids = [...tokens];
    for (const id of ids) this.bytesOf(id);
    if (ids.length === 0) return "";
    return this.#tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  }

  /**
   * The bytes of a token, in UTF-8. Those of a character may be spread over several tokens: see {@link streamText}.
   *
   * @throws {DataError} If the token is not in the vocabulary.
   */
  bytesOf(token: number): Uint8Array {
    const bytes = this.#bytes.get(token);
    if (bytes !== undefined) return bytes;
    throw new DataError(
      `BytePairTokenizer: token ${token} is not in the vocabulary, expected 0 to ${this.vocabSize - 1}.`,
    );
  }
}

/** A character outside of GPT-2's alphabet of bytes stands for itself. */
function bytesOfToken(token: string): Uint8Array {
  return Uint8Array.from(
    Array.from(token).flatMap((character) => {
      const byte = byteOfCharacter.get(character);
      return byte === undefined ? [...new TextEncoder().encode(character)] : [byte];
    }),
  );
}
