import { BasicBlock } from "@pellucid/cnn";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  flatten,
  type Layer,
  Linear,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { shapeImages } from "@pellucid/datasets";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** What the shapes are, and how they are drawn. */
export const shapes = (train: number, test: number) =>
  shapeImages({
    seed: 0,
    train,
    test,
    size: 32,
    classes: ["circle", "square", "triangle", "star", "cross", "ring"],
    turn: 0.5,
    edges: "smooth",
  });

/** A residual net for 32×32 pictures in color: three blocks of 16, 32 and 64 channels, then the mean over positions. 77,782 parameters. */
export class ShapesNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly layer1: BasicBlock;
  readonly layer2: BasicBlock;
  readonly layer3: BasicBlock;
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    const ordinary = { rng, groups: 1, widthPerGroup: 64 };
    this.conv1 = new Conv2d(3, 16, 3, { rng, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(16);
    this.layer1 = new BasicBlock(16, 16, { ...ordinary, stride: 1 });
    this.layer2 = new BasicBlock(16, 32, { ...ordinary, stride: 2 });
    this.layer3 = new BasicBlock(32, 64, { ...ordinary, stride: 2 });
    this.fc = new Linear(64, 6, { rng });
  }

  /**
   * @param images `[batch, 32, 32, 3]`
   * @returns logits `[batch, 6]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = relu(this.bn1.forward(this.conv1.forward(images))); // [batch, 32, 32, 16]
      x = this.layer1.forward(x); //                                 [batch, 32, 32, 16]
      x = this.layer2.forward(x); //                                 [batch, 16, 16, 32]
      x = this.layer3.forward(x); //                                 [batch, 8, 8, 64]
      return this.fc.forward(flatten(this.avgpool.forward(x))); //   [batch, 6]
    });
  }
}
