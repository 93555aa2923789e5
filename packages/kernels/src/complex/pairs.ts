import type { TensorInfo } from "@tensorflow/tfjs-core";

/** The numbers of a complex tensor as our WASM kernels keep them: its parts side by side, along one more axis. */
export const pairsOf = ({ dataId, shape }: TensorInfo): TensorInfo => ({
  dataId,
  shape: [...shape, 2],
  dtype: "float32",
});

/** The complex tensor of such pairs. */
export const complexOf = ({ dataId, shape }: TensorInfo): TensorInfo => ({
  dataId,
  shape: shape.slice(0, -1),
  dtype: "complex64",
});
