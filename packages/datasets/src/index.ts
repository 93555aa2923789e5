// what datasets are made of
export { type ImageInfo, type ImageShape, type LabeledImage, LabeledImages } from "./labeled-images.ts";
export { type LabeledText, LabeledTexts } from "./labeled-texts.ts";
export type { HostArray } from "./rows.ts";
export type { Splits, WholeAndSplits } from "./splits.ts";
export { Table, type TableRow } from "./table.ts";

// embedded
export { diabetes, type DiabetesOptions } from "./embedded/diabetes.ts";
export { digits, type DigitsOptions } from "./embedded/digits.ts";

// downloaded, or from a folder
export { cifar10, type Cifar10Options } from "./published/cifar10.ts";
export { fashionMnist } from "./published/fashion-mnist.ts";
export { mnist } from "./published/mnist.ts";
export { characterText, type CharacterText, tinyShakespeare } from "./published/tiny-shakespeare.ts";
export { names, namesByLanguage } from "./published/names.ts";
export { mnist10k, type Mnist10kOptions } from "./published/mnist10k.ts";
export { planetoid } from "./published/planetoid.ts";
export { type NodeGraph } from "./published/node-graph.ts";
export {
  type LabeledGraph,
  LabeledGraphs,
  tuDataset,
  type TuDatasetOptions,
} from "./published/tu-dataset.ts";
export type { MnistOptions } from "./published/idx-images.ts";
export type { DownloadCache, DownloadProgress, Draft, Kept, Origin } from "@pellucid/core-train/download";
export type { SourceOptions } from "./download/source-options.ts";

// procedural
export { type AddingProblem, addingProblem, type AddingProblemOptions } from "./procedural/adding-problem.ts";
export { type CopyTask, copyTask, type CopyTaskOptions } from "./procedural/copy-task.ts";
export { blobs, type BlobsOptions } from "./procedural/blobs.ts";
export { type Color } from "./procedural/color.ts";
export { type RowsOptions } from "./procedural/draw-table.ts";
export { moons, type MoonsOptions } from "./procedural/moons.ts";
export { type ShapeClass } from "./procedural/outlines.ts";
export { randomImages, type RandomImagesOptions } from "./procedural/random-images.ts";
export { type Scene } from "./procedural/scene.ts";
export { ShapeImages, shapeImages, type ShapeImagesOptions } from "./procedural/shape-images.ts";
export { ShapeScenes, shapeScenes, type ShapeScenesOptions } from "./procedural/shape-scenes.ts";
export { type ShapesOptions } from "./procedural/shapes-options.ts";
export { sine, type SineOptions } from "./procedural/sine.ts";
export { spirals, type SpiralsOptions } from "./procedural/spirals.ts";
export { texture, type TextureKind, type TextureOptions, textures } from "./procedural/texture.ts";
export { xor, type XorOptions } from "./procedural/xor.ts";

// splitting
export { stratifiedSplit, type StratifiedSplitOptions } from "./stratified-split.ts";

// preparing
export { normalizeImages } from "./normalize-images.ts";
export { toFloatImages } from "./to-float-images.ts";

// texts and sequences
export { CharacterVocabulary } from "./text/character-vocabulary.ts";
export { foldAccents } from "./text/fold-accents.ts";
export { type PaddedSequences, padSequences, type PadSequencesOptions } from "./text/pad-sequences.ts";

// file formats
export { gunzip, type GunzipOptions } from "./formats/gunzip.ts";
export { readCifar10 } from "./formats/read-cifar10.ts";
export { readIdx } from "./formats/read-idx.ts";
export { PickledObject, readPickle } from "./formats/read-pickle.ts";
export { readTar } from "./formats/read-tar.ts";
export { readZip, type ReadZipOptions } from "./formats/read-zip.ts";

// errors
export { DatasetError, type DatasetErrorCode } from "./dataset-error.ts";
