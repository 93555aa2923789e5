import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { PublishedFile } from "../download/published-file.ts";
import { readFromFolder, readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { CharacterVocabulary } from "../text/character-vocabulary.ts";

/** A text as numbers, one a character, and what they stand for. */
export interface CharacterText {
  readonly vocabulary: CharacterVocabulary;
  /** To train on. */
  readonly train: Int32Array;
  /** To validate on: what follows. */
  readonly validation: Int32Array;
}

const file: PublishedFile = {
  name: "input.txt",
  dataset: "tiny-shakespeare",
  size: 1_115_394,
  sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
};

const hosts = ["https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/"];

/**
 * Tiny Shakespeare: 1.1 million characters of his plays, of 65 kinds; the first nine tenths to train on, the rest to validate on, as
 * nanoGPT has it. Karpathy, 2015. http://karpathy.github.io/2015/05/21/rnn-effectiveness/
 *
 * @param options a folder may have it as `input.txt` or `tinyshakespeare.txt`
 * @throws DatasetError where the file cannot be had
 */
export async function tinyShakespeare(options: SourceOptions = {}): Promise<CharacterText> {
  checkOptions("tinyShakespeare", options, [
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  const { folder } = options;
  const bytes =
    folder === undefined
      ? await readSource(file, hosts, options)
      : await readFromFolder(folder, ["tinyshakespeare.txt", file.name]);
  return characterText(new TextDecoder().decode(bytes));
}

/** Any text as {@link tinyShakespeare} gives its own. */
export function characterText(text: string): CharacterText {
  checkArguments("characterText", { text: { text } });
  const vocabulary = new CharacterVocabulary(text);
  const tokens = vocabulary.encode(text);
  const cut = Math.floor(0.9 * tokens.length);
  return { vocabulary, train: tokens.subarray(0, cut), validation: tokens.subarray(cut) };
}
