import { LayerNorm, Linear, Module, type Rng, Sequential, SiLU } from "@pellucid/core-train";
import { expandDims, split, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type Modulation, modulated } from "./modulated.ts";

/** From features to the pixels of a patch. */
export class FinalLayer extends Module {
  readonly normFinal: LayerNorm;
  readonly linear: Linear;
  readonly adaLNModulation: Modulation;

  constructor(features: number, out: number, rng: Rng) {
    super();
    this.normFinal = new LayerNorm(features, { eps: 1e-6, elementwiseAffine: false });
    this.linear = new Linear(features, out, { rng });
    this.adaLNModulation = new Sequential(new SiLU(), new Linear(features, 2 * features, { rng }));
  }

  get torchLayout() {
    return { adaLNModulation: { name: "adaLN_modulation" } };
  }

  /**
   * @param x `[batch, patch, feature]`
   * @param condition `[batch, feature]`
   * @returns `[batch, patch, patchSize² · outChannels]`
   */
  forward(x: Tensor3D, condition: Tensor2D): Tensor3D {
    return tidy(() => {
      const both = expandDims(this.adaLNModulation.forward(condition) as Tensor2D, 1);
      const [shift, scale] = split(both, 2, 2) as [Tensor3D, Tensor3D];
      return this.linear.forward(modulated(this.normFinal.forward(x), shift, scale));
    });
  }
}
