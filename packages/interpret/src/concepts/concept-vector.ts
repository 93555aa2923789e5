import {
  capture,
  checkArguments,
  checkOptions,
  checkRng,
  type Layer,
  noGrad,
  sizeAlong,
} from "@pellucid/core-train";
import {
  concat,
  reshape,
  slice,
  squeeze,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkFiniteTensor, modelAdvice } from "../run/check-finite.ts";
import { logisticRegression, type LogisticRegressionOptions } from "./logistic-regression.ts";

/**
 * The direction in a layer that leads from other examples to those of a concept: the normal of the plane that separates them best.
 *
 * Kim et al., 2018, section 3.2. https://arxiv.org/abs/1711.11279
 *
 * @param run calls the layer, such as the model's `forward`
 * @returns `[unit]`, over all positions and channels of the layer, not normalized
 */
export async function conceptVector<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
  input: { readonly concept: X; readonly others: X },
  options: LogisticRegressionOptions,
): Promise<Tensor1D> {
  checkArguments("conceptVector", {
    function: { run },
    "{ forward }": { layer },
    "{ concept, others }": { input },
  });
  checkRng("conceptVector", options);
  checkOptions("conceptVector", options, ["rng", "steps", "learningRate", "weightDecay", "signal"]);
  const { concept, others } = input;
  const features = tidy(() => {
    const seen = [concept, others].map((x) => {
      const y = noGrad(() => capture(layer, () => run(x)));
      return reshape(y, [sizeAlong(x, 0), -1]);
    });
    return concat(seen, 0) as Tensor2D;
  });
  const [count, size] = [sizeAlong(concept, 0), features.shape[0]];
  const labels = tensor1d(
    Array.from({ length: size }, (_, i) => (i < count ? 1 : 0)),
    "int32",
  );
  try {
    await checkFiniteTensor("conceptVector", "the layer's output", features, modelAdvice);
    const layerOfTwo = await logisticRegression(features, labels, 2, options);
    const direction = tidy(() => {
      const column = (i: number) => squeeze(slice(layerOfTwo.weight, [0, i], [-1, 1]), [1]);
      return sub<Tensor1D>(column(1), column(0));
    });
    layerOfTwo.dispose();
    return direction;
  } finally {
    features.dispose();
    labels.dispose();
  }
}
