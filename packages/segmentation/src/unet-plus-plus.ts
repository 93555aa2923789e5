import {
  BatchNorm2d,
  checkChoice,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  type HasTorchLayout,
  maxPool2d,
  Module,
  relu,
  type Rng,
  tidyLeaves,
  type TorchLayout,
} from "@pellucid/core-train";
import { addN, concat, div, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";

/** Options for {@link UNetPlusPlus}. */
export interface UNetPlusPlusOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of the first level; each level below has twice as many. Default: 32. */
  readonly channels?: number;
  /** How often the encoder halves the size. Default: 4. */
  readonly depth?: number;
  /** Whether every map of full size has a head of its own; `forward` then averages their logits. Default: false. */
  readonly deepSupervision?: boolean;
}

/**
 * A U-Net with nested decoders: between an encoder's map and the decoder that joins it are more convolutions, each of which also sees the
 * level below, so that every depth has a decoder.
 *
 * Node `j` of level `i` is a convolution block of all earlier nodes of its level and of node `j − 1` of the level below, interpolated with
 * aligned corners. Zhou et al., 2018, eq. 1. https://arxiv.org/abs/1807.10165
 *
 * Names in files are those of pytorch-nested-unet: `conv0_0`, `conv1_0`, …, `final`.
 */
export class UNetPlusPlus extends Module implements MapLayer, HasTorchLayout {
  readonly depth: number;
  /** By level and position in it: `conv0_1` is the first decoder's only node. */
  readonly nodes: Readonly<Record<string, NestedBlock>>;
  /** One head, or one per decoder. */
  readonly heads: readonly Conv2d[];

  constructor(inChannels: number, numClasses: number, options: UNetPlusPlusOptions) {
    super();
    checkRng("UNetPlusPlus", options);
    checkOptions("UNetPlusPlus", options, ["rng", "channels", "depth", "deepSupervision"]);
    const { rng, channels = 32, depth = 4, deepSupervision = false } = options;
    checkSizes("UNetPlusPlus", { inChannels, numClasses, channels, depth });
    checkChoice("UNetPlusPlus", "deepSupervision", deepSupervision, [true, false]);
    const width = (level: number) => channels * 2 ** level;
    const into = (level: number, j: number) => {
      if (j > 0) return j * width(level) + width(level + 1);
      return level === 0 ? inChannels : width(level - 1);
    };
    this.depth = depth;
    this.nodes = Object.fromEntries(
      nodesOf(depth).map(([level, j]) => [
        nameOf(level, j),
        new NestedBlock(into(level, j), width(level), { rng }),
      ]),
    );
    const count = deepSupervision ? depth : 1;
    this.heads = Array.from({ length: count }, () => new Conv2d(channels, numClasses, 1, { rng }));
  }

  get torchLayout(): TorchLayout {
    const nodes = Object.keys(this.nodes).map((name) => [`nodes.${name}`, { name }] as const);
    const isOne = this.heads.length === 1;
    const heads = this.heads.map(
      (_, i) => [`heads.${i}`, { name: isOne ? "final" : `final${i + 1}` }] as const,
    );
    return Object.fromEntries([...nodes, ...heads]);
  }

  /**
   * @param images `[batch, height, width, inChannels]`, at least `2^depth` high and wide
   * @returns logits `[batch, height, width, numClasses]`; with deep supervision the mean of all heads'
   */
  forward(images: Tensor4D): Tensor4D {
    return tidy(() => {
      const all = this.forwardAll(images);
      return all.length === 1 ? (all[0] as Tensor4D) : div<Tensor4D>(addN(all), all.length);
    });
  }

  /** @returns the logits of each head, `[batch, height, width, numClasses]`, the shallowest decoder's first */
  forwardAll(images: Tensor4D): Tensor4D[] {
    checkShape("UNetPlusPlus", "images", images, ["batch", "height", "width", "channel"]);
    const { depth, heads } = this;
    return tidyLeaves(() => {
      const made = new Map<string, Tensor4D>();
      const map = (level: number, j: number) => made.get(nameOf(level, j)) as Tensor4D;
      for (const [level, j] of nodesOf(depth)) {
        const node = this.nodes[nameOf(level, j)] as NestedBlock;
        if (j === 0) {
          const x = level === 0 ? images : maxPool2d(map(level - 1, 0), 2); // [batch, height / 2^level, …]
          made.set(nameOf(level, 0), node.forward(x));
        } else {
          const earlier = Array.from({ length: j }, (_, k) => map(level, k));
          const below = resizeTo(map(level + 1, j - 1), earlier[0] as Tensor4D, { alignCorners: true });
          made.set(nameOf(level, j), node.forward(concat([...earlier, below], 3))); // [batch, height / 2^level, …]
        }
      }
      const first = depth - heads.length + 1;
      return heads.map((head, i) => head.forward(map(0, first + i))); // [batch, height, width, numClasses]
    });
  }
}

const nameOf = (level: number, j: number) => `conv${level}_${j}`;

/** Column by column, from the encoder to the deepest decoder, each from its finest level down. */
function nodesOf(depth: number): [level: number, j: number][] {
  return Array.from({ length: depth + 1 }, (_, j) =>
    Array.from({ length: depth + 1 - j }, (__, level): [number, number] => [level, j]),
  ).flat();
}

class NestedBlock extends Module implements MapLayer {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new Conv2d(inChannels, outChannels, 3, { rng, padding: 1 });
    this.bn1 = new BatchNorm2d(outChannels);
    this.conv2 = new Conv2d(outChannels, outChannels, 3, { rng, padding: 1 });
    this.bn2 = new BatchNorm2d(outChannels);
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const first = relu(this.bn1.forward(this.conv1.forward(x)));
      return relu(this.bn2.forward(this.conv2.forward(first)));
    });
  }
}
