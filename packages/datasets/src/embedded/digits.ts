import { checkOptions, NumpyRandom, type Shuffler } from "@pellucid/core-train";
import { LabeledImages } from "../labeled-images.ts";
import { stratifiedSplit } from "../stratified-split.ts";
import type { WholeAndSplits } from "../splits.ts";
import { digitsData } from "./digits-data.ts";
import { unpack } from "./unpack.ts";

export interface DigitsOptions {
  /** The share to test on. Default: 0.25. */
  readonly testSize?: number;
  /** Where the split comes from. Default: `new NumpyRandom(0)`. */
  readonly rng?: Shuffler;
}

const COUNT = 1797;

/**
 * UCI's optical digits: 1,797 images of 8×8 pixels from 0 to 16, in scikit-learn's order. They come with the package.
 *
 * By default split as `train_test_split(test_size=0.25, stratify=y, random_state=0)`: 1,347 to train on, 450 to test on.
 * Alpaydin and Kaynak, 1998. https://doi.org/10.24432/C50P49
 */
export async function digits(
  options: DigitsOptions = {},
): Promise<WholeAndSplits<LabeledImages<Uint8Array>>> {
  checkOptions("digits", options, ["testSize", "rng"]);
  const { testSize = 0.25, rng = new NumpyRandom(0) } = options;
  const bytes = await unpack(digitsData);
  const images = { data: bytes.slice(0, COUNT * 64), shape: [COUNT, 8, 8, 1] as const };
  const labels = { data: Int32Array.from(bytes.subarray(COUNT * 64)), shape: [COUNT] as const };
  const all = new LabeledImages(images, labels, {
    name: "UCI digits",
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    max: 16,
    mean: [0.3052],
    std: [0.376],
  });
  const { train, test } = stratifiedSplit(labels.data, { testSize, rng });
  return { all, train: all.take(train), test: all.take(test) };
}
