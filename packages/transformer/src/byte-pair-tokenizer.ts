import { DataError } from "@pellucid/core-train";
import { Tokenizer } from "@huggingface/tokenizers";

/** What Hugging Face keeps in a `tokenizer.json`. */
type TokenizerFile = ConstructorParameters<typeof Tokenizer>[0];

/**
 * Texts as tokens of frequent runs of bytes, and back: any text, since every byte is a token.
 *
 * Sennrich, Haddow and Birch, 2016. https://arxiv.org/abs/1508.07909
 * Radford et al., 2019, section 2.2 (of bytes).
 *
 * ```ts
 * const tokenizer = BytePairTokenizer.fromGpt2(JSON.parse(vocab), merges); // of vocab.json and merges.txt
 * tokenizer.decode(tokenizer.encode("Hello, world")); // "Hello, world"
 * ```
 */
export class BytePairTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #known: ReadonlySet<number>;

  /** @param file what a `tokenizer.json` of Hugging Face says, parsed */
  constructor(file: object) {
    const { model, added_tokens: added = [] } = file as {
      model?: { vocab?: Readonly<Record<string, number>> };
      added_tokens?: readonly { readonly id: number }[];
    };
    if (model?.vocab === undefined)
      throw new DataError("BytePairTokenizer: the file has no model.vocab, expected a tokenizer.json.");
    this.#tokenizer = new Tokenizer(file as TokenizerFile, {});
    this.#known = new Set([...Object.values(model.vocab), ...added.map(({ id }) => id)]);
  }

  /**
   * Of GPT-2's own two files.
   *
   * @param vocab `vocab.json`: the number of each token
   * @param merges `merges.txt`: which pairs become one, the most frequent first
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

  /** How many tokens there are. */
  get vocabSize(): number {
    return this.#known.size;
  }

  /** The numbers of a text's tokens. */
  encode(text: string): Int32Array {
    return Int32Array.from(this.#tokenizer.encode(text, { add_special_tokens: false }).ids);
  }

  /**
   * The text of some tokens.
   *
   * @throws {DataError} for a number that stands for no token
   */
  decode(tokens: Iterable<number>): string {
    const ids = [...tokens];
    const stranger = ids.find((id) => !this.#known.has(id));
    if (stranger !== undefined)
      throw new DataError(`BytePairTokenizer: ${stranger} stands for none of ${this.vocabSize} tokens.`);
    if (ids.length === 0) return "";
    return this.#tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  }
}
