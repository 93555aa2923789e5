import { checkShape, noGrad } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Throws a {@link ShapeError} unless what a network says about one observation is `[1, actions]`. Draws nothing: call it in inference mode. */
export function checkOutputs(caller: string, outputs: () => Tensor2D, actions: number): void {
  tidy(() =>
    checkShape(
      caller,
      "the output of the network for one observation",
      noGrad(outputs),
      [1, actions],
      "The network needs one output for each action of the environment.",
    ),
  );
}
