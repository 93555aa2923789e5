import { DatasetError } from "../dataset-error.ts";

/** The characters of a text, each with an index, in the order of code points. */
export class CharacterVocabulary {
  /** Each character once, in order. */
  readonly characters: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  /** @param text has every character that there is to be */
  constructor(text: string) {
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
   * The characters of some numbers.
   *
   * @throws DatasetError for a number that stands for no character
   */
  decode(numbers: Iterable<number>): string {
    return Array.from(numbers, (number) => {
      const character = this.characters[number];
      if (character === undefined)
        throw new DatasetError("format", `${number} stands for none of ${this.size} characters.`);
      return character;
    }).join("");
  }
}
