import { Conv2d, Module, type Rng } from "@pellucid/core-train";
import { reshape, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** `[batch, size, size, channel]` -> `[batch, patch, feature]` */
export class PatchEmbedder extends Module {
  readonly proj: Conv2d;

  constructor(inChannels: number, features: number, patchSize: number, rng: Rng) {
    super();
    this.proj = new Conv2d(inChannels, features, patchSize, { rng, stride: patchSize });
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, patch, feature]`, row by row
   */
  forward(x: Tensor4D): Tensor3D {
    return tidy(() => {
      const grid = this.proj.forward(x); // [batch, row, column, feature]
      return reshape(grid, [grid.shape[0], grid.shape[1] * grid.shape[2], grid.shape[3]]);
    });
  }
}
