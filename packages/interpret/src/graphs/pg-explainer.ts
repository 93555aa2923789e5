import {
  adam,
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkRng,
  Linear,
  Optimizer,
  OptionError,
  ReLU,
  type Rng,
  Sequential,
  sigmoid,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  add,
  div,
  mean,
  mul,
  neg,
  reshape,
  sum,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { binaryEntropy } from "./binary-entropy.ts";
import type { MaskedScore } from "./masked-score.ts";

/** A prediction from which {@link pgExplainer} learns. */
export interface ExplainedInstance {
  /** What an edge is known by, such as the embeddings of its ends and of the node that is predicted: `[edge, feature]`. Borrowed. */
  readonly inputs: Tensor2D;
  /** The log-probability of the prediction. */
  readonly score: MaskedScore;
}

/** Options for {@link pgExplainer}. */
export interface PgExplainerOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Random generator for the network and for the drawn masks. */
  readonly rng: Rng;
  /** How often all instances are seen. Default: 30. */
  readonly epochs?: number;
  /** Default: 0.003. */
  readonly learningRate?: number;
  /** How much each edge costs. Default: 0.05. */
  readonly edgeSize?: number;
  /** How much it costs that a mask is neither 0 nor 1. Default: 1. */
  readonly edgeEntropy?: number;
  /** How random masks are, from the first epoch to the last. Default: 5 to 2. */
  readonly temperature?: readonly [first: number, last: number];
}

/**
 * Learns a small network that tells from the embeddings of an edge's ends whether it matters, from several predictions at once, so that others are explained without more training. PyG's `PGExplainer`: masks are
 * drawn as `σ((log u − log(1 − u) + m) / temperature)`.
 *
 * Luo et al., 2020. https://arxiv.org/abs/2011.04573
 *
 * @returns what explains an instance: from `inputs`, `[edge, feature]`, to the mask `[edge]`; with `dispose`, for when it is no longer needed
 */
export async function pgExplainer(
  instances: readonly ExplainedInstance[],
  options: PgExplainerOptions,
): Promise<((inputs: Tensor2D) => Tensor1D) & { readonly dispose: () => void }> {
  checkArguments("pgExplainer", { "{ inputs, score }[]": { instances } });
  checkRng("pgExplainer", options);
  checkOptions("pgExplainer", options, [
    "rng",
    "epochs",
    "learningRate",
    "edgeSize",
    "edgeEntropy",
    "temperature",
    "signal",
    "onProgress",
  ]);
  const {
    rng,
    epochs = 30,
    learningRate = 0.003,
    edgeSize = 0.05,
    edgeEntropy = 1,
    signal,
    onProgress,
  } = options;
  const { temperature: [hot, cold] = [5, 2] } = options;
  checkCount("pgExplainer", "epochs", epochs);
  checkPositive("pgExplainer", { learningRate, "temperature[0]": hot, "temperature[1]": cold });
  checkNotNegative("pgExplainer", { edgeSize, edgeEntropy });
  const features = instances[0]?.inputs.shape[1];
  if (features === undefined)
    throw new OptionError("pgExplainer", "instances", "empty", "one instance at least");
  const net = new Sequential(new Linear(features, 64, { rng }), new ReLU(), new Linear(64, 1, { rng }));
  const logits = (inputs: Tensor2D) => reshape(net.forward(inputs), [inputs.shape[0]]) as Tensor1D;
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const temperature = hot * (cold / hot) ** (epoch / epochs);
      for (const { inputs, score } of instances) {
        signal?.throwIfAborted();
        const noise = Float32Array.from(rng.rand([inputs.shape[0]]).data, (u) => {
          const inside = Math.min(Math.max(u, 1e-6), 1 - 1e-6);
          return Math.log(inside) - Math.log1p(-inside);
        });
        await trainStep(net, optimizer, () => {
          const mask = sigmoid(div(add(logits(inputs), tensor1d(noise)), temperature)) as Tensor1D;
          const entropy = mean(binaryEntropy(mask, 1e-6));
          const price = add(mul(sum(mask), edgeSize), mul(entropy, edgeEntropy));
          return add(neg(reshape(score(mask), [])), price);
        });
      }
      onProgress?.(epoch + 1, epochs);
      await yieldToEventLoop();
    }
  } catch (error) {
    net.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }
  return Object.assign((inputs: Tensor2D) => tidy(() => sigmoid(logits(inputs))), {
    dispose: () => net.dispose(),
  });
}
