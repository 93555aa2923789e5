import {
  AdaptiveMaxPool2d,
  Conv2d,
  flatten,
  type Layer,
  Linear,
  maxPool2d,
  Module,
  relu,
  Rng,
} from "@pellucid/core-train";
import { LabeledImages, toFloatImages } from "@pellucid/datasets";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** The 8×8 digits, each somewhere on 16×16 black pixels: alike in shape they are, in pixels they are not. */
export function wanderingDigits(digits: LabeledImages, seed: number): LabeledImages<Float32Array> {
  const { images, labels, info } = toFloatImages(digits);
  const count = labels.data.length;
  const corners = new Rng(seed).randint(0, 9, [2 * count]).data;
  const wandered = new Float32Array(count * 256);
  for (let i = 0; i < count; i++)
    for (let y = 0; y < 8; y++) {
      const [down, right] = [(corners[2 * i] as number) + y, corners[2 * i + 1] as number];
      wandered.set(images.data.subarray(i * 64 + y * 8, i * 64 + y * 8 + 8), i * 256 + down * 16 + right);
    }
  return new LabeledImages({ data: wandered, shape: [count, 16, 16, 1] }, labels, info);
}

/** Three convolutions, then the largest number of each map, wherever it stands: 23,946 parameters. */
export class WanderingNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly conv3: Conv2d;
  readonly pool = new AdaptiveMaxPool2d(1);
  readonly fc: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new Conv2d(1, 16, 3, { rng, padding: 1 });
    this.conv2 = new Conv2d(16, 32, 3, { rng, padding: 1 });
    this.conv3 = new Conv2d(32, 64, 3, { rng, padding: 1 });
    this.fc = new Linear(64, 10, { rng });
  }

  /**
   * @param images `[batch, 16, 16, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => this.fc.forward(this.features(images)));
  }

  /** What it has made of images before its last layer: `[batch, 64]`. */
  features(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = maxPool2d(relu(this.conv1.forward(images)), 2) as Tensor4D; // [batch, 8, 8, 16]
      x = maxPool2d(relu(this.conv2.forward(x)), 2) as Tensor4D; //          [batch, 4, 4, 32]
      x = relu(this.conv3.forward(x)) as Tensor4D; //                        [batch, 4, 4, 64]
      return flatten(this.pool.forward(x)) as Tensor2D; //                   [batch, 64]
    });
  }
}
