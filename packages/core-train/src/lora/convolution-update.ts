import { mul, type Rank, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initialize } from "../init/initialize.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { zeros } from "../init/zeros.ts";
import type { Layer } from "../module/layer.ts";
import { Conv1d } from "../nn/conv1d.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { Conv3d } from "../nn/conv3d.ts";
import type { Convolution, ConvOptions } from "../nn/convolution.ts";
import { Dropout } from "../nn/dropout.ts";
import { filterAxes } from "../nn/filter-axes.ts";
import { matMul } from "../op/mat-mul.ts";
import type { TorchLayout } from "../weights/torch-layout.ts";
import { type LoraSettings, LoraUpdate } from "./lora-update.ts";

/** A convolution of any number of axes. */
type AnyConv = Convolution<Rank, readonly number[]> & Layer<Tensor, Tensor>;

type ConvClass = new (
  inChannels: number,
  outChannels: number,
  kernelSize: readonly number[],
  options: ConvOptions,
) => AnyConv;

/**
 * The update of a convolution: one with the layer's window from `in` to `rank` channels, then one of size 1.
 *
 * peft's first convolution ignores the dilation and the padding mode of the layer; this one has them, without which a dilated
 * convolution has no update at all.
 */
export class ConvolutionUpdate extends LoraUpdate {
  readonly loraDropout: Dropout;
  /** `[...kernel, in, rank]` */
  readonly loraA: AnyConv;
  /** `[...1, rank / groups, out]` */
  readonly loraB: AnyConv;

  constructor(layer: Conv1d | Conv2d | Conv3d, settings: LoraSettings) {
    super(settings);
    const { rank, dropout, rng } = settings;
    const { inChannels, outChannels, kernelSize, groups } = layer;
    const { stride, padding, dilation, paddingMode } = layer as unknown as AnyConv;
    const Conv = [Conv1d, Conv2d, Conv3d][kernelSize.length - 1] as unknown as ConvClass;
    const window = { stride, padding, dilation, paddingMode };
    const ones = kernelSize.map(() => 1);
    this.loraDropout = new Dropout(dropout, { rng });
    this.loraA = new Conv(inChannels, rank, kernelSize, { ...window, rng, bias: false });
    this.loraB = new Conv(rank, outChannels, ones, { rng, groups, bias: false });
    initialize(this.loraA, "weight", kaimingUniform({ a: Math.sqrt(5) }), rng);
    initialize(this.loraB, "weight", zeros(), rng);
  }

  get torchLayout(): TorchLayout {
    return { loraA: { name: "lora_A" }, loraB: { name: "lora_B" } };
  }

  /** @param x `[batch, ...position, in]` */
  forward(x: Tensor): Tensor {
    return tidy(() => {
      const reduced = this.loraA.forward(this.loraDropout.forward(x)); // [batch, ...position, rank]
      return mul(this.loraB.forward(reduced), this.scaling); // [batch, ...position, out]
    });
  }

  factors(): ReturnType<LoraUpdate["factors"]> {
    const axes = filterAxes(this.loraA.kernelSize.length);
    return {
      "lora_A.weight": { tensor: this.loraA.weight, axes },
      "lora_B.weight": { tensor: this.loraB.weight, axes },
    };
  }

  deltaWeight(): Tensor {
    return tidy(() => {
      const { rank } = this.settings;
      const out = this.loraB.outChannels;
      const delta = matMul(this.loraA.weight, reshape(this.loraB.weight, [rank, out])); // [...kernel, in, out]
      return mul(delta, this.scaling);
    });
  }
}
