import {
  BatchNorm2d,
  Conv2d,
  type Layer,
  Module,
  relu,
  type Sequential,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { add, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./chain.ts";
import { makeShortcut, type ResNetBlock, type ResNetBlockOptions } from "./res-net-block.ts";

/**
 * A 1×1 convolution to fewer channels, a 3×3 and a 1×1 back, with a shortcut. He et al., 2016, figure 5 right; the stride is on the
 * 3×3, as in torchvision ("ResNet v1.5"), not on the first 1×1 as in the paper.
 */
export class Bottleneck extends Module implements ResNetBlock, Layer<Tensor4D, Tensor4D> {
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: MapLayer;
  readonly conv2: Conv2d;
  readonly bn2: MapLayer;
  readonly conv3: Conv2d;
  readonly bn3: MapLayer;
  readonly downsample: Sequential<[Conv2d, MapLayer]> | null;

  constructor(inplanes: number, planes: number, options: ResNetBlockOptions) {
    super();
    checkRng("Bottleneck", options);
    const { rng, stride = 1, dilation = 1, groups = 1, widthPerGroup = 64 } = options;
    const { normLayer = (channels) => new BatchNorm2d(channels) } = options;
    checkSizes("Bottleneck", { inplanes, planes, stride, dilation, groups, widthPerGroup });
    const out = planes * Bottleneck.expansion;
    const width = Math.trunc((planes * widthPerGroup) / 64) * groups;
    const downsample = makeShortcut(inplanes, out, options);
    const window = { stride, padding: dilation, dilation, groups };
    this.conv1 = new Conv2d(inplanes, width, 1, { rng, bias: false });
    this.bn1 = normLayer(width);
    this.conv2 = new Conv2d(width, width, 3, { rng, ...window, bias: false });
    this.bn2 = normLayer(width);
    this.conv3 = new Conv2d(width, out, 1, { rng, bias: false });
    this.bn3 = normLayer(out);
    this.downsample = downsample;
  }

  get lastNorm(): MapLayer {
    return this.bn3;
  }

  /**
   * @param x `[batch, height, width, inplanes]`
   * @returns `[batch, height / stride, width / stride, 4 planes]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const first = relu(this.bn1.forward(this.conv1.forward(x)));
      const second = relu(this.bn2.forward(this.conv2.forward(first)));
      const third = this.bn3.forward(this.conv3.forward(second));
      return relu(add(third, this.downsample === null ? x : this.downsample.forward(x)));
    });
  }
}
