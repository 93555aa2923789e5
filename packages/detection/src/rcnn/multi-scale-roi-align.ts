import {
  checkIntegers,
  checkOptions,
  embedding,
  type FeatureMaps,
  OptionError,
  sizeOf,
} from "@pellucid/core-train";
import { concat, type Rank, reshape, tensor1d, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { type BoxArray, concatBoxes, type Size2d } from "../anchors/box-array.ts";
import { type PooledSize, pooledSize } from "../roi/pooled-size.ts";
import { roiAlign } from "../roi/roi-align.ts";
import { LevelMapper } from "./level-mapper.ts";

/** Options for {@link MultiScaleRoIAlign}. */
export interface MultiScaleRoIAlignOptions {
  /** The side of the square that is pooled from the canonical level. Default: 224. */
  readonly canonicalScale?: number;
  /** The level of that square. Default: 4. */
  readonly canonicalLevel?: number;
}

/**
 * Pools each box by {@link roiAlign} from the level of a pyramid that fits its size, torchvision's `MultiScaleRoIAlign`. The scales are powers of two, inferred from the sizes of the maps
 * and images.
 *
 * Lin et al., 2017. Feature pyramid networks, section 4.2. https://arxiv.org/abs/1612.03144
 */
export class MultiScaleRoIAlign {
  readonly featmapNames: readonly string[];
  readonly outputSize: readonly [height: number, width: number];
  readonly samplingRatio: number;
  readonly #options: MultiScaleRoIAlignOptions;

  /** @param featmapNames the maps that are pooled from, the finest first; others are passed over */
  constructor(
    featmapNames: readonly string[],
    outputSize: PooledSize,
    samplingRatio: number,
    options: MultiScaleRoIAlignOptions = {},
  ) {
    checkOptions("MultiScaleRoIAlign", options, ["canonicalScale", "canonicalLevel"]);
    checkIntegers("MultiScaleRoIAlign", { samplingRatio });
    if (featmapNames.length === 0)
      throw new OptionError("MultiScaleRoIAlign", "featmapNames", "empty", "the name of one map at least");
    this.featmapNames = featmapNames;
    this.outputSize = pooledSize("MultiScaleRoIAlign", outputSize);
    this.samplingRatio = samplingRatio;
    this.#options = options;
  }

  /**
   * @param features `[batch, height, width, channel]` each
   * @param boxes of each image, in its pixels
   * @param imageSizes of each image, without padding
   * @returns `[box, outputHeight, outputWidth, channel]`, image by image
   * @throws OptionError where a map is missing
   */
  pool(features: FeatureMaps, boxes: readonly BoxArray[], imageSizes: readonly Size2d[]): Tensor4D {
    const maps = this.featmapNames.map((name) => {
      const map = features[name];
      if (map !== undefined) return map;
      const known = Object.keys(features).join(", ");
      throw new OptionError("MultiScaleRoIAlign", "featmapNames", `"${name}"`, `names of the maps: ${known}`);
    });
    const height = Math.max(...imageSizes.map(([own]) => own));
    const scales = maps.map(({ shape }) => 2 ** Math.round(Math.log2(shape[1] / height)));
    const all = concatBoxes(boxes);
    const images = boxes.flatMap(({ data }, image) => new Array<number>(data.length / 4).fill(image));
    const levels = this.#levels(all, scales);
    const order = maps.flatMap((_, level) => [...levels.keys()].filter((i) => levels[i] === level));
    const channels = (maps[0] as Tensor4D).shape[3];
    if (order.length === 0) return zeros([0, ...this.outputSize, channels]);
    return tidy(() => {
      const pooled = maps.flatMap((map, level) => {
        const own = order.filter((i) => levels[i] === level);
        if (own.length === 0) return [];
        const rows = own.flatMap((i) => [images[i] ?? NaN, ...all.data.subarray(4 * i, 4 * i + 4)]);
        const rois = { data: Float32Array.from(rows), shape: [own.length, 5] };
        const spatialScale = scales[level] ?? NaN;
        return [roiAlign(map, rois, this.outputSize, { spatialScale, samplingRatio: this.samplingRatio })];
      });
      if (pooled.length === 1) return pooled[0] as Tensor4D;
      const shape = [...this.outputSize, channels];
      const rows = reshape<Rank.R2>(concat(pooled), [order.length, sizeOf(shape)]); //                     [box, feature], level by level
      const back = new Int32Array(order.length);
      for (const [position, i] of order.entries()) back[i] = position;
      return reshape(embedding(tensor1d(back, "int32"), rows), [order.length, ...shape] as Tensor4D["shape"]);
    });
  }

  #levels(boxes: BoxArray, scales: readonly number[]): Int32Array {
    if (scales.length === 1) return new Int32Array(boxes.data.length / 4);
    const level = (scale: number | undefined): number => -Math.log2(scale ?? 1);
    return new LevelMapper(level(scales[0]), level(scales.at(-1)), this.#options).levelsOf(boxes);
  }
}
