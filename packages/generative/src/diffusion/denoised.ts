import type { Layer } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Condition, DenoisingNet, NoisyInput } from "./denoising-net.ts";

/** What a network says of noisy examples. */
export function denoised(net: DenoisingNet | Layer<never, Tensor>, input: NoisyInput & Condition): Tensor {
  return (net as Layer<NoisyInput, Tensor>).forward(input);
}
