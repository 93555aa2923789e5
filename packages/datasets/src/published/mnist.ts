import { checkOptions } from "@pellucid/core-train";
import type { PublishedFile } from "../download/published-file.ts";
import type { LabeledImages } from "../labeled-images.ts";
import { type IdxImageSet, idxImages, type MnistOptions } from "./idx-images.ts";

const file = (name: string, size: number, sha256: string): PublishedFile => ({
  name,
  dataset: "mnist",
  size,
  sha256,
});

const set: IdxImageSet = {
  info: {
    name: "MNIST",
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    max: 255,
    mean: [0.1307],
    std: [0.3081],
  },
  hosts: [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
  ],
  files: {
    train: {
      images: file(
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      ),
      labels: file(
        "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      ),
    },
    test: {
      images: file(
        "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      ),
      labels: file(
        "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ),
    },
  },
};

/**
 * MNIST: handwritten digits in 28×28 gray pixels, 60,000 to train on and 10,000 to test on.
 * LeCun, Bottou, Bengio and Haffner, 1998. https://doi.org/10.1109/5.726791
 *
 * @returns images `[image, 28, 28, 1]`
 * @throws DatasetError where the files cannot be had
 */
export function mnist(options: MnistOptions): Promise<LabeledImages<Uint8Array>> {
  checkOptions("mnist", options, [
    "split",
    "files",
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  return idxImages(set, options);
}
