import {
  type Buffer,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  linear,
  Module,
  type Parameter,
  type Rng,
  stateBuffer,
  type TorchLayout,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** A linear layer of which some weights count as 0, those where a mask is 0. */
export class MaskedLinear extends Module implements Layer<Tensor2D, Tensor2D>, HasTorchLayout {
  /** `[in, out]` */
  readonly weight: Parameter<Rank.R2>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;
  /** `[in, out]` */
  readonly mask: Buffer<Rank.R2>;

  /** @param mask for each input, whether each output may depend on it */
  constructor(mask: readonly (readonly boolean[])[], { rng }: { readonly rng: Rng }) {
    super();
    const [inFeatures, outFeatures] = [mask.length, (mask[0] as readonly boolean[]).length];
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = initialized(
      [outFeatures, inFeatures],
      init.kaimingUniform({ a: Math.sqrt(5) }),
      rng,
      [1, 0],
    );
    this.bias = initialized([outFeatures], init.uniform(-bound, bound), rng);
    const data = Float32Array.from(mask.flat(), Number);
    this.mask = stateBuffer({ data, shape: [inFeatures, outFeatures] });
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [1, 0] }, mask: { axes: [1, 0] } };
  }

  /**
   * @param x `[batch, inFeatures]`
   * @returns `[batch, outFeatures]`
   */
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => linear(x, mul<Tensor2D>(this.weight, this.mask), this.bias));
  }
}
