import { checkOptions } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import type { PublishedFile } from "../download/published-file.ts";
import { namesIn, readFromFolder, readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { gunzip } from "../formats/gunzip.ts";
import { readCifar10 } from "../formats/read-cifar10.ts";
import { readTar } from "../formats/read-tar.ts";
import { checkSplit } from "./check-split.ts";
import { type ImageInfo, LabeledImages } from "../labeled-images.ts";

export interface Cifar10Options extends SourceOptions {
  readonly split: "train" | "test";
  /**
   * Which batches to read. Default: `data_batch_1.bin` to `data_batch_5.bin` to train on, `test_batch.bin` to test on.
   */
  readonly files?: readonly string[];
}

const info: ImageInfo = {
  name: "CIFAR-10",
  classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
  max: 255,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
};

const archive: PublishedFile = {
  name: "cifar-10-binary.tar.gz",
  dataset: "cifar10",
  size: 170_052_171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

const batches = {
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ["test_batch.bin"],
};

/**
 * CIFAR-10: photographs of ten kinds of things in 32×32 pixels, 50,000 to train on and 10,000 to test on.
 * Krizhevsky, 2009. https://www.cs.toronto.edu/~kriz/cifar.html
 *
 * It is read from the batches of its binary version, in a folder or in their archive. The download is 170 MB.
 *
 * @returns images `[image, 32, 32, 3]`
 * @throws DatasetError where the files cannot be had
 */
export async function cifar10(options: Cifar10Options): Promise<LabeledImages<Uint8Array>> {
  checkOptions("cifar10", options, [
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
  const { split, files = batches[split] } = options;
  checkSplit(info.name, split);
  const bytes = (await fromFolder(files, options)) ?? (await fromArchive(files, options));
  const parts = bytes.map((batch, i) => readCifar10(batch, files[i]));
  const count = parts.reduce((sum, { labels }) => sum + labels.data.length, 0);
  const images = { data: new Uint8Array(count * 32 * 32 * 3), shape: [count, 32, 32, 3] as const };
  const labels = { data: new Int32Array(count), shape: [count] as const };
  let at = 0;
  for (const part of parts) {
    images.data.set(part.images.data, at * 32 * 32 * 3);
    labels.data.set(part.labels.data, at);
    at += part.labels.data.length;
  }
  return new LabeledImages(images, labels, info);
}

/** The batches as they lie in the folder, unless it has their archive. */
async function fromFolder(
  files: readonly string[],
  { folder }: SourceOptions,
): Promise<Uint8Array[] | undefined> {
  if (folder === undefined) return undefined;
  if ((await namesIn(folder)).includes(archive.name)) return undefined;
  return Promise.all(files.map((name) => readFromFolder(folder, [name])));
}

async function fromArchive(files: readonly string[], options: SourceOptions): Promise<Uint8Array[]> {
  const packed = await readSource(archive, ["https://www.cs.toronto.edu/~kriz/"], options);
  const entries = [...readTar(await gunzip(packed, { name: archive.name }), archive.name)];
  return files.map((name) => {
    const entry = entries.find(([path]) => path === name || path.endsWith(`/${name}`));
    if (entry === undefined)
      throw new DatasetError(
        "missing",
        `${archive.name} has no ${name}. It has ${entries.map(([path]) => path).join(", ")}.`,
      );
    return entry[1];
  });
}
