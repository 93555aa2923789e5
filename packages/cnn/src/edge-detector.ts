import {
  checkChoice,
  checkOptions,
  checkSizes,
  Conv2d,
  freeze,
  Rng,
  withoutInit,
} from "@pellucid/core-train";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";

/** The weights of the three rows of a filter for vertical edges: equal for Prewitt, largest in the middle for Sobel and Scharr. */
const smoothing = { prewitt: [1, 1, 1], sobel: [1, 2, 1], scharr: [3, 10, 3] } as const;

/** Options for {@link edgeDetector}. */
export interface EdgeDetectorOptions {
  /** Default: `"prewitt"`. */
  readonly filter?: keyof typeof smoothing;
  /** Which edges: `"vertical"` where brightness changes from left to right, `"horizontal"` from top to bottom. Default: `"vertical"`. */
  readonly edges?: "vertical" | "horizontal";
  /** Channels of the images; each has the same filter, and the results are added. Default: 1. */
  readonly inChannels?: number;
}

/**
 * A convolution with a fixed 3×3 filter, `w[i, j] = s[i] · (1, 0, −1)[j]`, which is frozen. The sign of the output is the direction of the
 * edge: positive where the image is brighter on the left (or above), negative where it is brighter on the right (or below).
 *
 * As every convolution in deep learning it is a correlation: the filter is not flipped.
 *
 * @returns `[batch, height, width, inChannels]` → `[batch, height − 2, width − 2, 1]`
 * @throws {OptionError} For an unknown option, filter or direction, or channels that are not an integer above 0.
 */
export function edgeDetector(options: EdgeDetectorOptions = {}): Conv2d {
  checkOptions("edgeDetector", options, ["filter", "edges", "inChannels"]);
  const { filter = "prewitt", edges = "vertical", inChannels = 1 } = options;
  checkChoice("edgeDetector", "filter", filter, ["prewitt", "sobel", "scharr"]);
  checkChoice("edgeDetector", "edges", edges, ["vertical", "horizontal"]);
  checkSizes("edgeDetector", { inChannels });
  const conv = withoutInit(() => new Conv2d(inChannels, 1, 3, { rng: new Rng(0), bias: false }));
  const across = [1, 0, -1];
  const along: readonly number[] = smoothing[filter];
  const [rows, columns] = edges === "vertical" ? [along, across] : [across, along];
  const weights = rows.flatMap((row) =>
    columns.flatMap((column) => new Array<number>(inChannels).fill(row * column)),
  );
  tidy(() => conv.weight.assign(tensor4d(weights, [3, 3, inChannels, 1])));
  freeze(conv);
  return conv;
}
