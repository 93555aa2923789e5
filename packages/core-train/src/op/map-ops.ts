import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { Op } from "./define-op.ts";

// The contracts of the kernels of maps of high-dimensional data (t-SNE, nearest neighbors): `@pellucid/interpret` has the ops.

/** The indices of the smallest numbers of each row. */
export type SmallestOp = Op<
  "PellucidSmallest",
  { readonly x: "float32[row, column]" },
  { readonly count: number },
  Tensor2D
>;

/** The repulsion among points, from every pair. */
export type RepulsionOp = Op<
  "PellucidRepulsion",
  { readonly y: "float32[example, dimension]" },
  object,
  Tensor2D
>;

/** The repulsion among points of a plane, as a field on a grid. */
export type RepulsionFieldOp = Op<
  "PellucidRepulsionField",
  { readonly y: "float32[example, 2]"; readonly waves: "float32[2 nodes, 2]" },
  object,
  Tensor2D
>;

/** The gradient of t-SNE. */
export type TsneGradientOp = Op<
  "PellucidTsneGradient",
  {
    readonly y: "float32[example, dimension]";
    readonly repulsion: "float32[example, dimension + 1]";
    readonly starts: "int32[example + 1]";
    readonly columns: "int32[entry]";
    readonly values: "float32[entry]";
  },
  { readonly exaggeration: number },
  Tensor2D
>;

/** A step of t-SNE, of points, speeds and gains at once. */
export type TsneMoveOp = Op<
  "PellucidTsneMove",
  {
    readonly state: "float32[3, example, dimension]";
    readonly gradient: "float32[example, dimension]";
  },
  { readonly learningRate: number; readonly momentum: number },
  Tensor3D
>;
