import { mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initialize } from "../init/initialize.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { zeros } from "../init/zeros.ts";
import { Dropout } from "../nn/dropout.ts";
import { Linear } from "../nn/linear.ts";
import { matMul } from "../op/mat-mul.ts";
import type { TorchLayout } from "../weights/torch-layout.ts";
import { type LoraSettings, LoraUpdate } from "./lora-update.ts";

/** The update of a linear layer: `scaling · dropout(x) A B`. */
export class LinearUpdate extends LoraUpdate {
  readonly loraDropout: Dropout;
  /** `[in, rank]` */
  readonly loraA: Linear;
  /** `[rank, out]` */
  readonly loraB: Linear;

  constructor({ inFeatures, outFeatures }: Linear, settings: LoraSettings) {
    super(settings);
    const { rank, dropout, rng } = settings;
    this.loraDropout = new Dropout(dropout, { rng });
    this.loraA = new Linear(inFeatures, rank, { rng, bias: false });
    this.loraB = new Linear(rank, outFeatures, { rng, bias: false });
    initialize(this.loraA, "weight", kaimingUniform({ a: Math.sqrt(5) }), rng);
    initialize(this.loraB, "weight", zeros(), rng);
  }

  get torchLayout(): TorchLayout {
    return { loraA: { name: "lora_A" }, loraB: { name: "lora_B" } };
  }

  /** @param x `[..., in]` */
  forward(x: Tensor): Tensor {
    return tidy(() => {
      const reduced = this.loraA.forward(this.loraDropout.forward(x)); // [..., rank]
      return mul(this.loraB.forward(reduced), this.scaling); // [..., out]
    });
  }

  factors(): ReturnType<LoraUpdate["factors"]> {
    return {
      "lora_A.weight": { tensor: this.loraA.weight, axes: [1, 0] },
      "lora_B.weight": { tensor: this.loraB.weight, axes: [1, 0] },
    };
  }

  deltaWeight(): Tensor {
    return tidy(() => mul(matMul(this.loraA.weight, this.loraB.weight), this.scaling)); // [in, out]
  }
}
