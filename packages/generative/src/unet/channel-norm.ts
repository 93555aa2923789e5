import {
  checkShape,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  Module,
  type Parameter,
  rmsNorm,
  type TorchLayout,
  checkSizes,
} from "@pellucid/core-train";
import { type Rank, reshape, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** `g · √channels · x / ‖x‖` over the channels of each pixel: lucidrains' `RMSNorm`. */
export class ChannelNorm extends Module implements Layer<Tensor4D, Tensor4D>, HasTorchLayout {
  /** `[1, 1, 1, channel]`, initially 1. */
  readonly g: Parameter<Rank.R4>;

  constructor(channels: number) {
    super();
    checkSizes("ChannelNorm", { channels });
    this.g = initialized([1, 1, 1, channels], init.ones());
  }

  get torchLayout(): TorchLayout {
    return { g: { axes: [0, 2, 3, 1] } };
  }

  /** @param x `[batch, height, width, channel]` */
  forward(x: Tensor4D): Tensor4D {
    checkShape("ChannelNorm", "x", x, ["batch", "height", "width", this.g.size]);
    return tidy(() => rmsNorm(x, reshape(this.g, [this.g.size]), 1e-24)); // the mean square may be 0
  }
}
