import {
  DataError,
  PretrainedError,
  type PretrainedSource,
  readPretrainedJson,
  type ReadPretrainedOptions,
} from "@pellucid/core-train";
import { Tokenizer } from "@huggingface/tokenizers";

/** The content of a `tokenizer.json` of Hugging Face. */
type TokenizerFile = ConstructorParameters<typeof Tokenizer>[0];

/** Options for {@link PretrainedTokenizer.encode}. */
export interface EncodeOptions {
  /** Whether the tokens are added that the model expects around a text, such as `[CLS]` and `[SEP]`. Default: true. */
  readonly specialTokens?: boolean;
  /** A second text, as for BERT. Default: none. */
  readonly pair?: string | null;
}

/** Options for {@link PretrainedTokenizer.decode}. */
export interface DecodeOptions {
  /** Whether special tokens are shown. Default: false. */
  readonly specialTokens?: boolean;
}

/**
 * The tokenizer of a pretrained model, of any kind that a `tokenizer.json` of Hugging Face describes: byte pairs, WordPiece, Unigram,
 * words. {@link BytePairTokenizer} is for byte pairs alone, and knows the bytes of each token.
 *
 * ```ts
 * const tokenizer = await PretrainedTokenizer.load("https://huggingface.co/google-bert/bert-base-uncased/resolve/main/");
 * tokenizer.encode("Hello, world"); // Int32Array [101, 7592, 1010, 2088, 102]
 * ```
 *
 * Based on `@huggingface/tokenizers`, which downloads nothing.
 */
export class PretrainedTokenizer {
  /**
   * Reads the `tokenizer.json` of a folder or a URL.
   *
   * @throws {PretrainedError} If there is none.
   */
  static async load(
    source: PretrainedSource,
    options: ReadPretrainedOptions = {},
  ): Promise<PretrainedTokenizer> {
    const file = await readPretrainedJson(source, "tokenizer.json", options);
    if (file === undefined)
      throw new PretrainedError(`PretrainedTokenizer: ${shown(source)} has no tokenizer.json.`);
    return new PretrainedTokenizer(file);
  }

  readonly #tokenizer: Tokenizer;
  /** By index. */
  readonly #tokens: ReadonlyMap<number, string>;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #unknown: number | undefined;

  /**
   * @param file a `tokenizer.json` of Hugging Face, parsed
   * @throws {DataError} If it is not one, or of a kind that is not known.
   */
  constructor(file: object) {
    const { model } = (file ?? {}) as { model?: { vocab?: unknown; unk_token?: string } };
    if (typeof model?.vocab !== "object" || model.vocab === null)
      throw new DataError("PretrainedTokenizer: the file has no model.vocab, expected a tokenizer.json.");
    try {
      this.#tokenizer = new Tokenizer(withUnicodeWords(file) as TokenizerFile, {});
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`PretrainedTokenizer: the file cannot be used: ${reason}.`, { cause });
    }
    this.#ids = this.#tokenizer.get_vocab(true);
    this.#tokens = new Map([...this.#ids].map(([token, id]) => [id, token]));
    this.#unknown = model.unk_token === undefined ? undefined : this.#ids.get(model.unk_token);
  }

  /** The size of the vocabulary, with the tokens that were added to it. */
  get vocabSize(): number {
    return this.#tokens.size;
  }

  /** The index of a token as the vocabulary writes it, `Ġworld` or `##ing`, or nothing where there is none. */
  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /**
   * A token as the vocabulary writes it.
   *
   * @throws {DataError} If there is none of this index.
   */
  tokenOf(id: number): string {
    const token = this.#tokens.get(id);
    if (token !== undefined) return token;
    throw new DataError(
      `PretrainedTokenizer: token ${id} is not in the vocabulary, expected 0 to ${this.vocabSize - 1}.`,
    );
  }

  /**
   * The tokens of a text.
   *
   * @throws {DataError} If the vocabulary has neither a token for some part of it nor one for what is unknown.
   */
  encode(text: string, { specialTokens = true, pair = null }: EncodeOptions = {}): Int32Array {
    const found: readonly (number | null | undefined)[] = this.#tokenizer.encode(text, {
      add_special_tokens: specialTokens,
      text_pair: pair,
    }).ids;
    return Int32Array.from(found, (id) => {
      const known = id ?? this.#unknown;
      if (known !== undefined) return known;
      throw new DataError(
        `PretrainedTokenizer: ${JSON.stringify(text.slice(0, 40))} has a word that is not in the vocabulary, which has no token for such.`,
      );
    });
  }

  /**
   * The text of tokens.
   *
   * @throws {DataError} If a token is not in the vocabulary.
   */
  decode(tokens: Iterable<number>, { specialTokens = false }: DecodeOptions = {}): string {
    const ids = [...tokens];
    for (const id of ids) this.tokenOf(id);
    if (ids.length === 0) return "";
    return this.#tokenizer.decode(ids, {
      skip_special_tokens: !specialTokens,
      clean_up_tokenization_spaces: false,
    });
  }

  /**
   * Turns tokens into pieces of text as they arrive: together they are the text of all. A character that is spread over several tokens is
   * given with the last of them.
   *
   * ```ts
   * for await (const piece of tokenizer.stream(generate(model, prompt))) process.stdout.write(piece);
   * ```
   */
  async *stream(
    tokens: AsyncIterable<number> | Iterable<number>,
    options: DecodeOptions = {},
  ): AsyncGenerator<string, void, undefined> {
    const all: number[] = [];
    let [start, given] = [0, 0]; // what is decoded starts some tokens early, for a token's text depends on those before it
    const textOf = (end: number) => this.decode(all.slice(start, end), options);
    for await (const token of tokens) {
      all.push(token);
      const [before, text] = [textOf(given), textOf(all.length)];
      if (text.endsWith("\ufffd") || text.length <= before.length) continue;
      yield text.slice(before.length);
      [start, given] = [given, all.length];
    }
    const rest = textOf(all.length).slice(textOf(given).length);
    if (rest !== "") yield rest;
  }
}

/** What Rust, in which Hugging Face's tokenizers are written, takes for a part of a word. https://unicode.org/reports/tr18/#word */
const word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d";

/** The library splits by the words of ASCII where a file asks for `Whitespace`: this writes what is meant in full. */
function withUnicodeWords(file: object): object {
  const split = {
    type: "Split",
    pattern: { Regex: `[${word}]+|[^${word}\\s]+` },
    behavior: "Removed",
    invert: true,
  };
  const inFull = (pre: PreTokenizer): PreTokenizer => {
    if (pre?.type === "Whitespace") return split;
    return pre?.pretokenizers === undefined ? pre : { ...pre, pretokenizers: pre.pretokenizers.map(inFull) };
  };
  return { ...file, pre_tokenizer: inFull((file as { pre_tokenizer?: PreTokenizer }).pre_tokenizer ?? null) };
}

/** How a file splits texts, before the model does. */
type PreTokenizer = { readonly type?: string; readonly pretokenizers?: readonly PreTokenizer[] } | null;

function shown(source: PretrainedSource): string {
  return typeof source === "object" && "read" in source ? source.name : String(source);
}
