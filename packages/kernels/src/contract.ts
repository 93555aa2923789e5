import type { DtypeOf, OpInput, OpInputs, OpOutput, TensorOf } from "@pellucid/core-train/ops";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";

/** What a kernel is checked against: the type of an op, `typeof convolve`. */
export interface Contract {
  (inputs: never, attributes: never): OpOutput;
  readonly kernelName: string;
  readonly inputs: OpInputs;
}

/** A tensor in a backend's memory, of the rank and dtype that an op declares. */
type Stored<Input extends OpInput> = Pick<TensorOf<Input>, "dataId" | "shape"> & {
  readonly dtype: DtypeOf<Input>;
};

/** What a kernel is given. */
export type KernelInputs<Op extends Contract> = {
  readonly [Name in keyof Op["inputs"]]: Stored<Op["inputs"][Name]>;
};

/** How the op is to be computed. */
export type KernelAttributes<Op extends Contract> = Parameters<Op>[1];

/** What a kernel gives back: as many tensors as the op. */
export type KernelOutput<Op extends Contract> =
  ReturnType<Op> extends Tensor ? TensorInfo : EachStored<ReturnType<Op>>;

type EachStored<Output> = { [Index in keyof Output]: TensorInfo };
