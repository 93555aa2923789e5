import {
  BitwiseAnd,
  Draw,
  MaxPoolWithArgmax,
  NonMaxSuppressionV4,
  RaggedGather,
  RaggedRange,
  RaggedTensorToTensor,
  RotateWithOffset,
  SearchSorted,
  SparseFillEmptyRows,
  SparseReshape,
  SparseSegmentMean,
  SparseSegmentSum,
  StaticRegexReplace,
  StringNGrams,
  StringSplit,
  StringToHashBucketFast,
  Unique,
} from "@tensorflow/tfjs-core";
import { fromCpu } from "./from-cpu.ts";

const ragged = [RaggedGather, RaggedRange, RaggedTensorToTensor];
const texts = [StaticRegexReplace, StringNGrams, StringSplit, StringToHashBucketFast];
const sparse = [SparseFillEmptyRows, SparseReshape, SparseSegmentMean, SparseSegmentSum];

/** What tfjs' WASM backend has no kernel for, and nobody trains through. */
export const wasmFromCpu = [Draw, ...ragged, ...texts].map(fromCpu);

/** The same of its WebGPU backend. */
export const webgpuFromCpu = [NonMaxSuppressionV4, Unique, ...ragged, ...texts, ...sparse].map(fromCpu);

/** The same of tfjs-node. */
export const tensorflowFromCpu = [
  BitwiseAnd,
  Draw,
  MaxPoolWithArgmax,
  RotateWithOffset,
  SearchSorted,
  ...ragged,
  ...texts,
  ...sparse,
].map(fromCpu);
