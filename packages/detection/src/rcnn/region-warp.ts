import { checkNotNegative, checkOptions, type FeatureMaps, OptionError } from "@pellucid/core-train";
import { concat, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { type BoxArray, boxArray } from "../anchors/box-array.ts";
import { type PooledSize, pooledSize } from "../roi/pooled-size.ts";
import { roiAlign } from "../roi/roi-align.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";

/** Options for {@link RegionWarp}. */
export interface RegionWarpOptions {
  /** How many pixels of the warped region are of its surroundings, at each edge. Default: 0; the paper has 16 of 227. */
  readonly context?: number;
}

/**
 * Cuts regions out of pictures and warps them to one size, whatever their aspect ratio: by the mean of the pixels under each new one, or bilinear between them. From a pixel beyond the picture on everything is 0, as in `roiAlign`.
 *
 * Girshick et al., 2014. R-CNN, appendix A. https://arxiv.org/abs/1311.2524
 */
export class RegionWarp extends MultiScaleRoIAlign {
  readonly context: number;

  constructor(outputSize: PooledSize, options: RegionWarpOptions = {}) {
    const size = pooledSize("RegionWarp", outputSize);
    super(["0"], size, -1);
    checkOptions("RegionWarp", options, ["context"]);
    const { context = 0 } = options;
    checkNotNegative("RegionWarp", { context });
    if (2 * context >= Math.min(...size))
      throw new OptionError("RegionWarp", "context", context, "less than half of the size");
    this.context = context;
  }

  /**
   * @param pictures `[1, height, width, channel]` of each picture, by its index
   * @param boxes of each picture, in its pixels
   * @returns `[region, outputHeight, outputWidth, channel]`, picture by picture
   */
  override pool(pictures: FeatureMaps, boxes: readonly BoxArray[]): Tensor4D {
    return tidy(() => {
      const warped = boxes.flatMap((own, i) => {
        const picture = pictures[i];
        if (picture === undefined || own.data.length === 0) return [];
        return [roiAlign(picture, [this.withContext(own)], this.outputSize, { aligned: true })];
      });
      const channels = Object.values(pictures)[0]?.shape[3] ?? 0;
      return warped.length === 0 ? zeros([0, ...this.outputSize, channels]) : concat(warped);
    });
  }

  /** Boxes with their surroundings. */
  withContext({ data }: BoxArray): BoxArray {
    const growth = this.outputSize.map((size) => size / (size - 2 * this.context));
    const [down = NaN, across = NaN] = growth;
    const grown = data.map((edge, i) => {
      const opposite = data[i % 4 < 2 ? i + 2 : i - 2] ?? NaN;
      const middle = (edge + opposite) / 2;
      return middle + (edge - middle) * (i % 2 === 0 ? across : down);
    });
    return boxArray(grown);
  }
}
