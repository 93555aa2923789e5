// what datasets are made of
export { type ImageInfo, type LabeledImage, LabeledImages } from "./labeled-images.ts";
export type { Splits, WholeAndSplits } from "./splits.ts";
export { Table, type TableRow } from "./table.ts";

// embedded
export { diabetes, type DiabetesOptions } from "./embedded/diabetes.ts";
export { digits, type DigitsOptions } from "./embedded/digits.ts";

// downloaded, or from a folder
export { cifar10, type Cifar10Options } from "./published/cifar10.ts";
export { fashionMnist } from "./published/fashion-mnist.ts";
export { mnist, mnist10k, type Mnist10kOptions } from "./published/mnist.ts";
export type { MnistOptions } from "./published/idx-images.ts";
export type { Cache, Draft, Kept, Origin } from "./download/cache.ts";
export type { DownloadProgress, SourceOptions } from "./download/source-options.ts";

// preparing
export { normalize } from "./normalize.ts";
export { toFloat } from "./to-float.ts";

// file formats
export { gunzip, type GunzipOptions } from "./formats/gunzip.ts";
export { readCifar10 } from "./formats/read-cifar10.ts";
export { readIdx } from "./formats/read-idx.ts";
export { readTar } from "./formats/read-tar.ts";

// errors
export { DatasetError, type DatasetErrorCode } from "./dataset-error.ts";
