import type {
  DataType,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Tensor5D,
} from "@tensorflow/tfjs-core";

type Dtypes = "float32" | "int32" | "bool" | "float32 | int32";

/**
 * What an op takes under a name: a dtype, or several, and the axes, of which only the number counts. Without axes any rank will do.
 *
 * For example `"float32[batch, height, width, channel]"`, `"int32[row]"`, `"float32 | int32"`.
 */
export type OpInput = Dtypes | `${Dtypes}[${string}]`;

/** The tensor that an input declares, by rank. */
export type TensorOf<Input extends OpInput> = Input extends `${string}[${infer Axes}]`
  ? Axes extends `${string},${string},${string},${string},${string},${string}`
    ? Tensor
    : Axes extends `${string},${string},${string},${string},${string}`
      ? Tensor5D
      : Axes extends `${string},${string},${string},${string}`
        ? Tensor4D
        : Axes extends `${string},${string},${string}`
          ? Tensor3D
          : Axes extends `${string},${string}`
            ? Tensor2D
            : Tensor1D
  : Tensor;

/** The dtypes that an input declares. */
export type DtypeOf<Input extends OpInput> = Input extends `float32 | int32${string}`
  ? "float32" | "int32"
  : Input extends `float32${string}`
    ? "float32"
    : Input extends `int32${string}`
      ? "int32"
      : "bool";

/** An input's declaration, taken apart. */
export interface ParsedOpInput {
  readonly dtypes: readonly DataType[];
  /** `null` for any. */
  readonly rank: number | null;
}

/** Takes a declaration apart. */
export function parseOpInput(input: OpInput): ParsedOpInput {
  const [dtypes = "", axes] = input.split("[");
  return {
    dtypes: dtypes.split(" | ") as DataType[],
    rank: axes === undefined ? null : axes.split(",").length,
  };
}
