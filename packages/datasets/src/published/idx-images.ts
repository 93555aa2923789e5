import type { HostTensor } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import type { PublishedFile } from "../download/published-file.ts";
import { readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { gunzip, isGzip } from "../formats/gunzip.ts";
import { readIdx } from "../formats/read-idx.ts";
import { checkSplit } from "./check-split.ts";
import { type ImageInfo, LabeledImages } from "../labeled-images.ts";

export interface MnistOptions extends SourceOptions {
  readonly split: "train" | "test";
  /** The names of the two files, where they are not the original ones. */
  readonly files?: { readonly images: string; readonly labels: string };
}

/** A set of images that was published as MNIST was: for each part a file of images and one of labels. */
export interface IdxImageSet {
  readonly info: ImageInfo;
  readonly hosts: readonly string[];
  readonly files: Readonly<Record<"train" | "test", { images: PublishedFile; labels: PublishedFile }>>;
}

/** One part of such a set. */
export async function idxImages(set: IdxImageSet, options: MnistOptions): Promise<LabeledImages<Uint8Array>> {
  const { info, hosts } = set;
  checkSplit(info.name, options.split);
  const files = set.files[options.split];
  const names = options.files ?? { images: files.images.name, labels: files.labels.name };
  const read = async (file: PublishedFile): Promise<HostTensor> => {
    const bytes = await readSource(file, hosts, options);
    return readIdx(isGzip(bytes) ? await gunzip(bytes, { name: file.name }) : bytes, file.name);
  };
  // the labels first: they are small, so what is wrong with the host or the folder shows at once
  const labels = await read({ ...files.labels, name: names.labels });
  const images = await read({ ...files.images, name: names.images });
  const [count = 0, height = 0, width = 0] = images.shape;
  if (images.shape.length !== 3 || !(images.data instanceof Uint8Array))
    throw new DatasetError("format", `${names.images}: [${images.shape.join(", ")}] are not gray images.`);
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new DatasetError(
      "format",
      `${names.labels}: [${labels.shape.join(", ")}] are not labels of ${count} images.`,
    );
  const wrong = labels.data.findIndex((label) => !(label >= 0 && label < info.classes.length));
  if (wrong !== -1)
    throw new DatasetError(
      "format",
      `${names.labels}: image ${wrong} is of class ${labels.data[wrong]}, expected 0 to ${info.classes.length - 1}.`,
    );
  return new LabeledImages(
    { data: images.data, shape: [count, height, width, 1] },
    { data: Int32Array.from(labels.data), shape: [count] },
    info,
  );
}
