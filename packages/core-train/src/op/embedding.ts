import {
  cast,
  clone,
  expandDims,
  gather,
  mul,
  notEqual,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkOnHost } from "../compile/check-on-host.ts";
import { IndexError } from "../index-error.ts";
import { defineOp } from "./define-op.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** The index of the row that gets no gradient; -1 for none. */
interface Padding {
  readonly paddingIdx: number;
}

const lookUp = defineOp({
  name: "PellucidEmbedding",
  inputs: { weight: "float32[row, feature]", indices: "int32[index]" },
  reference: ({ weight, indices }): Tensor2D => gather(weight, indices),
  gradient: (dy, { weight, indices }, { paddingIdx }: Padding) => ({
    weight: (): Tensor => collect({ dy, indices }, { paddingIdx, rows: weight.shape[0] }),
  }),
});

/** Adds up the gradients of each row. tfjs' own gradient of `gather` needs a kernel that WASM lacks, and is slow on CPU. */
const collect = defineOp({
  name: "PellucidEmbeddingGradient",
  inputs: { dy: "float32[index, feature]", indices: "int32[index]" },
  reference: ({ dy, indices }, { paddingIdx, rows }: Padding & { readonly rows: number }): Tensor2D =>
    scatterND(expandDims(indices, 1), withoutPadding(dy, indices, paddingIdx), [rows, dy.shape[1]]),
  gradient: (dWeight, { indices }, { paddingIdx }) => ({
    dy: (): Tensor =>
      withoutPadding(lookUp({ weight: dWeight, indices }, { paddingIdx }), indices, paddingIdx),
  }),
});

/** The rows at the given indices, with one axis more than these. */
export type LookedUp<Indices extends Tensor> = Indices extends Tensor1D
  ? Tensor2D
  : Indices extends Tensor2D
    ? Tensor3D
    : Indices extends Tensor3D
      ? Tensor4D
      : Tensor;

/** Options for {@link embedding}. */
export interface EmbeddingLookupOptions {
  /** The row that gets no gradient; from the end where negative. Default: none. */
  readonly paddingIdx?: number | null;
}

/**
 * Looks up rows by their index, as `torch.nn.functional.embedding`. The gradient of each row is the sum over its uses.
 *
 * @param indices int32, of any shape
 * @param weight `[row, feature]`
 * @returns `[...indices, feature]`
 * @throws IndexError for a row that does not exist; not checked where reading the indices would wait for a GPU
 */
export function embedding<Indices extends Tensor>(
  indices: Indices,
  weight: Tensor2D,
  options: EmbeddingLookupOptions = {},
): LookedUp<Indices> {
  checkOptions("embedding", options, ["paddingIdx"]);
  const { paddingIdx = null } = options;
  checkTensor("embedding", "indices", indices);
  checkTensor("embedding", "weight", weight);
  const [rows, features] = weight.shape;
  checkIndices("embedding", indices, rows);
  const padding = paddingIdx === null ? -1 : resolveRow("embedding", paddingIdx, rows);
  return tidy(() => {
    const flat = reshape<Tensor1D["rankType"]>(indices, [indices.size]);
    const found = lookUp({ weight, indices: flat }, { paddingIdx: padding }); // [index, feature]
    return reshape(found, [...indices.shape, features]) as LookedUp<Indices>;
  });
}

/** @throws IndexError unless every index is that of a row */
export function checkIndices(caller: string, indices: Tensor, rows: number): void {
  if (indices.dtype !== "int32") {
    throw new IndexError(
      `${caller}: indices is ${indices.dtype}, expected int32. Make them with tensor(…, "int32").`,
    );
  }
  checkOnHost(indices, (values) => {
    for (let i = 0; i < values.length; i++) {
      const index = values[i] ?? NaN;
      if (!(index >= 0 && index < rows))
        throw new IndexError(`${caller}: an index is ${index}, expected 0 to ${rows - 1}.`);
    }
  });
}

/** Counts a negative row from the end. */
export function resolveRow(caller: string, row: number, rows: number): number {
  const resolved = row < 0 ? row + rows : row;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < rows) return resolved;
  throw new IndexError(`${caller}: paddingIdx is ${row}, expected ${-rows} to ${rows - 1}.`);
}

/** Nothing for the padding. */
function withoutPadding(gradients: Tensor2D, indices: Tensor1D, paddingIdx: number): Tensor2D {
  if (paddingIdx < 0) return clone(gradients);
  return mul(gradients, expandDims(cast(notEqual(indices, paddingIdx), "float32"), 1));
}
