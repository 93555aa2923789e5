import { checkOptions } from "@pellucid/core-train";
import type { PublishedFile } from "../download/published-file.ts";
import type { LabeledImages } from "../labeled-images.ts";
import { type IdxImageSet, idxImages, type MnistOptions } from "./idx-images.ts";

const file = (name: string, size: number, sha256: string): PublishedFile => ({
  name,
  dataset: "fashion-mnist",
  size,
  sha256,
});

const set: IdxImageSet = {
  info: {
    name: "Fashion-MNIST",
    classes: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    max: 255,
    mean: [0.286],
    std: [0.353],
  },
  hosts: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
  files: {
    train: {
      images: file(
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      ),
      labels: file(
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      ),
    },
    test: {
      images: file(
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      ),
      labels: file(
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      ),
    },
  },
};

/**
 * Fashion-MNIST: Zalando's articles of clothing, in the format and sizes of MNIST but harder.
 * Xiao, Rasul and Vollgraf, 2017. https://arxiv.org/abs/1708.07747
 *
 * @returns images `[image, 28, 28, 1]`
 * @throws DatasetError where the files cannot be had
 */
export function fashionMnist(options: MnistOptions): Promise<LabeledImages<Uint8Array>> {
  checkOptions("fashionMnist", options, [
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
