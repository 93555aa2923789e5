import { checkArguments, type Layer, Module, OptionError, type Rng } from "@pellucid/core-train";
import { add, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { randomTensor } from "../sampler/random-tensor.ts";
import { gaussianLogProb } from "../vae/gaussian-log-prob.ts";
import type { Bijection, Transformed } from "./bijection.ts";
import { sumPerExample } from "./sum-per-example.ts";
import { through } from "./through.ts";

/**
 * A normalizing flow: invertible layers that turn data into standard normal noise, so that the density of any example is known exactly:
 * `log p(x) = log N(f(x); 0, 1) + log |det ∂f/∂x|`. Sampling runs the layers backwards, from noise. A flow is itself such a layer.
 *
 * Rezende and Mohamed, 2015. https://arxiv.org/abs/1505.05770; Papamakarios et al., 2019. https://arxiv.org/abs/1912.02762
 *
 * ```ts
 * const flow = realNvp(2, { rng });
 * await trainStep(flow, optimizer, () => neg(mean(flow.logProb(x))));
 * const samples = flow.sample([100, 2], { rng });
 * ```
 */
export class Flow extends Module implements Bijection, Layer<Tensor, Transformed> {
  readonly transforms: readonly (Module & Bijection)[];

  /**
   * @throws {StructError} For what is not an array of bijections.
   * @throws {OptionError} Without a layer.
   */
  constructor(transforms: readonly (Module & Bijection)[]) {
    super();
    checkArguments("Flow", { "{ forward, inverse }[]": { transforms } });
    if (transforms.length === 0) throw new OptionError("Flow", "transforms", "empty", "a layer at least");
    this.transforms = [...transforms];
  }

  /**
   * From data to noise.
   *
   * @param x `[batch, …]`
   */
  forward(x: Tensor): Transformed {
    return through(this.transforms, x, (layer, at) => layer.forward(at));
  }

  /**
   * From noise to data.
   *
   * @param y `[batch, …]`
   */
  inverse(y: Tensor): Transformed {
    return through(this.transforms.toReversed(), y, (layer, at) => layer.inverse(at));
  }

  /**
   * The logarithm of the density of each example, in nats.
   *
   * @param x `[batch, …]`
   * @returns `[batch]`
   */
  logProb(x: Tensor): Tensor1D {
    return tidy(() => {
      const { output, logDet } = this.forward(x);
      return add(sumPerExample(gaussianLogProb(output)), logDet);
    });
  }

  /**
   * Draws examples. See {@link flowSampler} for the layers one by one.
   *
   * @param shape of the noise, `[batch, …]`
   */
  sample(shape: readonly number[], { rng }: { readonly rng: Rng }): Tensor {
    return tidy(() => this.inverse(randomTensor(shape, rng)).output);
  }
}
