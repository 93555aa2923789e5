import { checkArguments } from "@pellucid/core-train";
import type { ByteTokenizer } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";

/** The characters of a text, each with an index, in the order of code points. */
export class CharacterVocabulary implements ByteTokenizer {
  /** Each character once, in order. */
  readonly characters: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  /** @param text has every character that there is to be */
  constructor(text: string) {
    checkArguments("CharacterVocabulary", { text: { text } });
    this.characters = [...new Set(text)].toSorted(
      (a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0),
    );
    this.#indices = new Map(this.characters.map((character, index) => [character, index]));
  }

  /** The 128 characters of ASCII: the number of each is its code. */
  static ascii(): CharacterVocabulary {
    return new CharacterVocabulary(String.fromCharCode(...new Array(128).keys()));
  }

  get size(): number {
    return this.characters.length;
  }

  /**
   * The number of each character.
   *
   * @throws DatasetError for a character that the vocabulary does not have
   */
  encode(text: string): Int32Array {
    return Int32Array.from<string>(text, (character) => {
      const index = this.#indices.get(character);
      if (index === undefined)
        throw new DatasetError(
          "format",
          `The vocabulary of ${this.size} characters has no ${JSON.stringify(character)}. Leave it out, or make the vocabulary of a text that has it.`,
        );
      return index;
    });
  }

  /**
   * The text of tokens.
   *
   * @throws DatasetError for a token that is not in the vocabulary
   */
  decode(tokens: Iterable<number>): string {
    return Array.from(tokens, (token) => this.#characterOf(token)).join("");
  }

  /**
   * The character of a token in UTF-8, for {@link streamText}.
   *
   * @throws DatasetError for a token that is not in the vocabulary
   */
  bytesOf(token: number): Uint8Array {
    return new TextEncoder().encode(this.#characterOf(token));
  }

  #characterOf(token: number): string {
    const character = this.characters[token];
    if (character !== undefined) return character;
    throw new DatasetError("format", `${token} stands for none of ${this.size} characters.`);
  }
}
