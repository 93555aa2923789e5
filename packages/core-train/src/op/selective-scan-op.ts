import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Op } from "./define-op.ts";

/** The contract of a selective scan's kernels: `@pellucid/mamba` has the op. */
export type SelectiveScanOp = Op<"PellucidSelectiveScan", ScanInputs, object, [y: Tensor3D, state: Tensor3D]>;

/** The contract of the kernels of its gradient, which gives one tensor for each input of the scan. */
export type SelectiveScanGradientOp = Op<
  "PellucidSelectiveScanGradient",
  ScanInputs & {
    readonly dy: "float32[batch, time, channel]";
    readonly dState: "float32[batch, channel, state]";
  },
  object,
  [u: Tensor, delta: Tensor, A: Tensor, B: Tensor, C: Tensor, initial: Tensor]
>;

type ScanInputs = {
  readonly u: "float32[batch, time, channel]";
  readonly delta: "float32[batch, time, channel]";
  readonly A: "float32[channel, state]";
  readonly B: "float32[batch, time, state]";
  readonly C: "float32[batch, time, state]";
  readonly initial: "float32[batch, channel, state]";
};
