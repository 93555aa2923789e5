import { checkOptions, NumpyRandom, type Shuffler } from "@pellucid/core-train";
import type { SourceOptions } from "../download/source-options.ts";
import type { LabeledImages } from "../labeled-images.ts";
import type { Splits } from "../splits.ts";
import { mnist } from "./mnist.ts";

export interface Mnist10kOptions extends SourceOptions {
  /** Where the split comes from. Default: `new NumpyRandom(0)`. */
  readonly rng?: Shuffler;
}

/**
 * A small MNIST: its 10,000 test images only, 8,000 of them to train on and 2,000 to test on. The download is 1.6 MB.
 *
 * By default the first 8,000 and the rest of NumPy's `RandomState(0).permutation(10000)`. Results on it are not comparable
 * with those on the whole MNIST.
 */
export async function mnist10k(options: Mnist10kOptions = {}): Promise<Splits<LabeledImages<Uint8Array>>> {
  checkOptions("mnist10k", options, [
    "rng",
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  const { rng = new NumpyRandom(0), ...source } = options;
  const all = await mnist({ ...source, split: "test" });
  const order = rng.randperm(all.length);
  const cut = 0.8 * all.length;
  return { train: all.take(order.subarray(0, cut)), test: all.take(order.subarray(cut)) };
}
