import {
  adaptiveAvgPool2d,
  checkOptions,
  checkSizes,
  Conv2d,
  convNormActivation,
  flatten,
  init,
  initialize,
  type Layer,
  Linear,
  Module,
  relu,
  ReLU,
  type Rng,
  roundHalfEven,
  SqueezeExcitation,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Chain } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { type RegNetDesign, regNetStages } from "./regnet-stages.ts";

/** Options for {@link RegNet}. */
export interface RegNetOptions extends ImageClassifierOptions {
  /** Channels of the first convolution. Default: 32. */
  readonly stemWidth?: number;
}

interface BlockOptions {
  readonly rng: Rng;
  readonly stride: number;
  readonly groupWidth: number;
  readonly seRatio: number | null;
}

/** 1×1, 3×3 in groups, squeeze and excitation (in RegNetY), 1×1. */
class BottleneckTransform extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly a: Chain;
  readonly b: Chain;
  readonly se: SqueezeExcitation | null;
  readonly c: Chain;

  constructor(inp: number, out: number, { rng, stride, groupWidth, seRatio }: BlockOptions) {
    super();
    const groups = out / groupWidth;
    this.a = convNormActivation(inp, out, 1, { rng, activation: new ReLU() });
    this.b = convNormActivation(out, out, 3, { rng, stride, groups, activation: new ReLU() });
    this.se = seRatio === null ? null : new SqueezeExcitation(out, roundHalfEven(seRatio * inp), { rng });
    this.c = convNormActivation(out, out, 1, { rng });
  }

  /**
   * @param x `[batch, height, width, inp]`
   * @returns `[batch, height / stride, width / stride, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const maps = this.b.forward(this.a.forward(x));
      return this.c.forward(this.se === null ? maps : this.se.forward(maps));
    });
  }
}

/** `relu(x + f(x))`, with a 1×1 convolution of `x` where the shape changes. Radosavovic et al., figure 4. */
class ResBottleneckBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly proj: Chain | null;
  readonly f: BottleneckTransform;

  constructor(inp: number, out: number, options: BlockOptions) {
    super();
    const { rng, stride } = options;
    this.proj = inp === out && stride === 1 ? null : convNormActivation(inp, out, 1, { rng, stride });
    this.f = new BottleneckTransform(inp, out, options);
  }

  /**
   * @param x `[batch, height, width, inp]`
   * @returns `[batch, height / stride, width / stride, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => relu(add(this.proj === null ? x : this.proj.forward(x), this.f.forward(x))));
  }
}

/** Blocks by torchvision's names, `block1-0`, in their order. */
type Stage = Readonly<Record<string, ResBottleneckBlock>>;

/**
 * A residual classifier of images whose widths and depths follow a formula of four numbers, with torchvision's names, initial weights
 * and numbers.
 *
 * Radosavovic et al., 2020. Designing network design spaces. https://arxiv.org/abs/2003.13678
 */
export class RegNet extends Module implements ImageClassifier {
  readonly stem: Chain;
  readonly trunkOutput: Readonly<Record<string, Stage>>;
  readonly fc: Linear;
  readonly head = "fc";

  constructor(design: RegNetDesign, options: RegNetOptions) {
    super();
    checkClassifierOptions("RegNet", options);
    checkOptions("RegNet", options, ["rng", "numClasses", "inChannels", "stemWidth"]);
    const { rng, numClasses = 1000, inChannels = 3, stemWidth = 32 } = options;
    checkSizes("RegNet", { stemWidth });
    const stages = regNetStages(design);
    const { seRatio = null } = design;
    let inp = stemWidth;
    this.stem = convNormActivation(inChannels, stemWidth, 3, { rng, stride: 2, activation: new ReLU() });
    this.trunkOutput = Object.fromEntries(
      stages.map(({ width, depth, groupWidth }, i): [string, Stage] => {
        const blocks = Array.from({ length: depth }, (_, j): [string, ResBottleneckBlock] => {
          const stride = j === 0 ? 2 : 1;
          const block = new ResBottleneckBlock(inp, width, { rng, stride, groupWidth, seRatio });
          inp = width;
          return [`block${i + 1}-${j}`, block];
        });
        return [`block${i + 1}`, Object.fromEntries(blocks)];
      }),
    );
    this.fc = new Linear(inp, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) {
        const [height, width, , out] = module.weight.shape;
        initialize(module, "weight", init.normal(0, Math.sqrt(2 / (height * width * out))), rng);
      }
      if (!(module instanceof Linear)) continue;
      initialize(module, "weight", init.normal(0, 0.01), rng);
      initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.forwardFeatures(images).at(-1) as Tensor4D; // [batch, height / 32, width / 32, channel]
      return this.fc.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps = [this.stem.forward(images)]; // [batch, height / 2, width / 2, stemWidth]
      for (const stage of Object.values(this.trunkOutput)) {
        let x = maps.at(-1) as Tensor4D;
        for (const block of Object.values(stage)) x = block.forward(x);
        maps.push(x); // [batch, height / 2^(i + 2), …]
      }
      return maps;
    });
  }
}

/** Makes a RegNet of a size. */
type Make = (options: RegNetOptions) => RegNet;

const sized =
  (
    depth: number,
    initialWidth: number,
    widthIncrement: number,
    widthFactor: number,
    groupWidth: number,
    seRatio?: number,
  ): Make =>
  (options) =>
    new RegNet(
      {
        depth,
        initialWidth,
        widthIncrement,
        widthFactor,
        groupWidth,
        ...(seRatio === undefined ? {} : { seRatio }),
      },
      options,
    );

/** RegNetX-400MF: 5,495,976 parameters. */
export const regnetX400mf: Make = sized(22, 24, 24.48, 2.54, 16);
/** RegNetX-800MF: 7,259,656 parameters. */
export const regnetX800mf: Make = sized(16, 56, 35.73, 2.28, 16);
/** RegNetX-1.6GF: 9,190,136 parameters. */
export const regnetX1_6gf: Make = sized(18, 80, 34.01, 2.25, 24);
/** RegNetX-3.2GF: 15,296,552 parameters. */
export const regnetX3_2gf: Make = sized(25, 88, 26.31, 2.25, 48);
/** RegNetX-8GF: 39,572,648 parameters. */
export const regnetX8gf: Make = sized(23, 80, 49.56, 2.88, 120);
/** RegNetX-16GF: 54,278,536 parameters. */
export const regnetX16gf: Make = sized(22, 216, 55.59, 2.1, 128);
/** RegNetX-32GF: 107,811,560 parameters. */
export const regnetX32gf: Make = sized(23, 320, 69.86, 2.0, 168);

/** RegNetY-400MF: 4,344,144 parameters. */
export const regnetY400mf: Make = sized(16, 48, 27.89, 2.09, 8, 0.25);
/** RegNetY-800MF: 6,432,512 parameters. */
export const regnetY800mf: Make = sized(14, 56, 38.84, 2.4, 16, 0.25);
/** RegNetY-1.6GF: 11,202,430 parameters. */
export const regnetY1_6gf: Make = sized(27, 48, 20.71, 2.65, 24, 0.25);
/** RegNetY-3.2GF: 19,436,338 parameters. */
export const regnetY3_2gf: Make = sized(21, 80, 42.63, 2.66, 24, 0.25);
/** RegNetY-8GF: 39,381,472 parameters. */
export const regnetY8gf: Make = sized(17, 192, 76.82, 2.19, 56, 0.25);
/** RegNetY-16GF: 83,590,140 parameters. */
export const regnetY16gf: Make = sized(18, 200, 106.23, 2.48, 112, 0.25);
/** RegNetY-32GF: 145,046,770 parameters. */
export const regnetY32gf: Make = sized(20, 232, 115.89, 2.53, 232, 0.25);
/** RegNetY-128GF: 644,812,894 parameters. */
export const regnetY128gf: Make = sized(27, 456, 160.83, 2.52, 264, 0.25);
