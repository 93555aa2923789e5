// what datasets are made of
export { type ImageInfo, type LabeledImage, LabeledImages } from "./labeled-images.ts";
export type { Splits, WholeAndSplits } from "./splits.ts";
export { Table, type TableRow } from "./table.ts";

// embedded
export { diabetes, type DiabetesOptions } from "./embedded/diabetes.ts";
export { digits, type DigitsOptions } from "./embedded/digits.ts";

// splitting
export { numpyPermutation } from "./split/numpy-permutation.ts";
export { trainTestSplit, type TrainTestSplitOptions } from "./split/train-test-split.ts";

// preparing
export { normalize } from "./normalize.ts";
export { toFloat } from "./to-float.ts";

// file formats
export { gunzip, type GunzipOptions } from "./formats/gunzip.ts";

// errors
export { DatasetError, type DatasetErrorCode } from "./dataset-error.ts";
