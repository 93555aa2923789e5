import {
  BatchNorm2d,
  Conv2d,
  type Layer,
  Module,
  OptionError,
  relu,
  type Sequential,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { add, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./chain.ts";
import { makeShortcut, type ResNetBlock, type ResNetBlockOptions } from "./res-net-block.ts";

/**
 * Two 3×3 convolutions with a shortcut. He et al., 2016, figure 5 left.
 *
 * @throws {OptionError} If it is given a dilation, groups or another width: torchvision has them only for {@link Bottleneck}.
 */
export class BasicBlock extends Module implements ResNetBlock, Layer<Tensor4D, Tensor4D> {
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: MapLayer;
  readonly conv2: Conv2d;
  readonly bn2: MapLayer;
  readonly downsample: Sequential<[Conv2d, MapLayer]> | null;

  constructor(inplanes: number, planes: number, options: ResNetBlockOptions) {
    super();
    checkRng("BasicBlock", options);
    checkSizes("BasicBlock", { inplanes, planes });
    const { rng, stride = 1, dilation = 1, groups = 1, widthPerGroup = 64 } = options;
    const { normLayer = (channels) => new BatchNorm2d(channels) } = options;
    checkSizes("BasicBlock", { stride });
    for (const [name, value, only] of [
      ["dilation", dilation, 1],
      ["groups", groups, 1],
      ["widthPerGroup", widthPerGroup, 64],
    ] as const)
      if (value !== only)
        throw new OptionError("BasicBlock", name, value, `${only}; use Bottleneck for others`);
    const downsample = makeShortcut(inplanes, planes, options);
    this.conv1 = new Conv2d(inplanes, planes, 3, { rng, stride, padding: 1, bias: false });
    this.bn1 = normLayer(planes);
    this.conv2 = new Conv2d(planes, planes, 3, { rng, padding: 1, bias: false });
    this.bn2 = normLayer(planes);
    this.downsample = downsample;
  }

  get lastNorm(): MapLayer {
    return this.bn2;
  }

  /**
   * @param x `[batch, height, width, inplanes]`
   * @returns `[batch, height / stride, width / stride, planes]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const first = relu(this.bn1.forward(this.conv1.forward(x)));
      const second = this.bn2.forward(this.conv2.forward(first));
      return relu(add(second, this.downsample === null ? x : this.downsample.forward(x)));
    });
  }
}
