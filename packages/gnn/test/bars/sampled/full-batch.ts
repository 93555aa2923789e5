import { crossEntropy } from "@pellucid/core-train";
import { gather, tensor1d } from "@tensorflow/tfjs-core";
import { type Convs, convolved } from "./convolved.ts";
import type { Make } from "./method.ts";

export function fullBatch(make: Convs): Make {
  return (rng) => {
    const { own, model, logits } = convolved(make, rng);
    const nodes = tensor1d(own.train, "int32");
    const labels = gather(tensor1d(own.labels, "int32"), nodes);
    return {
      model,
      logits,
      async epoch(step) {
        await step(() => crossEntropy(gather(logits(), nodes), labels));
      },
    };
  };
}
