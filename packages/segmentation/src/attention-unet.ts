import {
  BatchNorm2d,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  type HasTorchLayout,
  maxPool2d,
  Module,
  ReLU,
  type Rng,
  Sequential,
  type TorchLayout,
  Upsample,
} from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { AttentionGate } from "./attention-gate.ts";
import type { MapLayer } from "./map-layer.ts";
import { padToSkip } from "./pad-to-skip.ts";

/** Options for {@link AttentionUNet}. */
export interface AttentionUNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of the first level; each level below has twice as many. Default: 64. */
  readonly channels?: number;
  /** How often the encoder halves the size. Default: 4. */
  readonly depth?: number;
}

/**
 * A U-Net whose skip connections pass through {@link AttentionGate}s: what the decoder already knows decides which pixels of the encoder's map count.
 *
 * Oktay et al., 2018. https://arxiv.org/abs/1804.03999
 *
 * Gates work at the skip connection's resolution; the paper's are one level coarser. Names in files are those of LeeJunHyun's Image_Segmentation: `Conv1`, `Up5`,
 * `Att5`, `Up_conv5`, `Conv_1x1`.
 */
export class AttentionUNet extends Module implements MapLayer, HasTorchLayout {
  readonly encoder: readonly MapLayer[];
  readonly decoder: readonly AttentionUp[];
  readonly conv1x1: Conv2d;

  constructor(inChannels: number, numClasses: number, options: AttentionUNetOptions) {
    super();
    checkRng("AttentionUNet", options);
    checkOptions("AttentionUNet", options, ["rng", "channels", "depth"]);
    const { rng, channels = 64, depth = 4 } = options;
    checkSizes("AttentionUNet", { inChannels, numClasses, channels, depth });
    const width = (level: number) => channels * 2 ** level;
    const levels = Array.from({ length: depth + 1 }, (_, level) => level);
    this.encoder = levels.map(
      (level) => new ConvBlock(level === 0 ? inChannels : width(level - 1), width(level), { rng }),
    );
    this.decoder = levels
      .slice(1)
      .toReversed()
      .map((level) => new AttentionUp(level + 1, width(level), width(level - 1), { rng }));
    this.conv1x1 = new Conv2d(channels, numClasses, 1, { rng });
  }

  get torchLayout(): TorchLayout {
    const encoder = this.encoder.map((_, i) => [`encoder.${i}`, { name: `Conv${i + 1}` }] as const);
    const decoder = this.decoder.map((_, i) => [`decoder.${i}`, { name: "" }] as const);
    return { ...Object.fromEntries([...encoder, ...decoder]), conv1x1: { name: "Conv_1x1" } };
  }

  /**
   * @param images `[batch, height, width, inChannels]`, at least `2^depth` high and wide
   * @returns logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): Tensor4D {
    checkShape("AttentionUNet", "images", images, ["batch", "height", "width", "channel"]);
    return tidy(() => {
      const levels: Tensor4D[] = [];
      for (const [level, block] of this.encoder.entries()) {
        const x = level === 0 ? images : maxPool2d(levels.at(-1) as Tensor4D, 2);
        levels.push(block.forward(x)); // [batch, height / 2^level, width / 2^level, channels · 2^level]
      }
      const deepest = levels.pop() as Tensor4D;
      const decoded = this.decoder.reduce(
        (x, up) => up.forward({ x, skip: levels.pop() as Tensor4D }),
        deepest,
      );
      return this.conv1x1.forward(decoded); // [batch, height, width, numClasses]
    });
  }
}

class AttentionUp extends Module implements HasTorchLayout {
  readonly level: number;
  readonly up: Sequential<readonly MapLayer[]>;
  readonly att: AttentionGate;
  readonly upConv: ConvBlock;

  constructor(level: number, inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.level = level;
    this.up = new Sequential<readonly MapLayer[]>(
      new Upsample({ scaleFactor: 2 }),
      new Conv2d(inChannels, outChannels, 3, { rng, padding: 1 }),
      new BatchNorm2d(outChannels),
      new ReLU(),
    );
    this.att = new AttentionGate(outChannels, outChannels, Math.max(1, Math.floor(outChannels / 2)), { rng });
    this.upConv = new ConvBlock(inChannels, outChannels, { rng });
  }

  get torchLayout(): TorchLayout {
    const { level } = this;
    return {
      up: { name: `Up${level}.up` },
      att: { name: `Att${level}` },
      upConv: { name: `Up_conv${level}` },
    };
  }

  forward({ x, skip }: { readonly x: Tensor4D; readonly skip: Tensor4D }): Tensor4D {
    return tidy(() => {
      const gate = padToSkip(this.up.forward(x), skip); //           [batch, height, width, out]
      const attended = this.att.forward({ gate, skip }); //          [batch, height, width, out]
      return this.upConv.forward(concat([attended, gate], 3)); //    [batch, height, width, out]
    });
  }
}

class ConvBlock extends Module implements MapLayer {
  readonly conv: Sequential<readonly MapLayer[]>;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv = new Sequential<readonly MapLayer[]>(
      new Conv2d(inChannels, outChannels, 3, { rng, padding: 1 }),
      new BatchNorm2d(outChannels),
      new ReLU(),
      new Conv2d(outChannels, outChannels, 3, { rng, padding: 1 }),
      new BatchNorm2d(outChannels),
      new ReLU(),
    );
  }

  forward(x: Tensor4D): Tensor4D {
    return this.conv.forward(x);
  }
}
