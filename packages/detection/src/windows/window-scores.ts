import {
  checkArguments,
  checkOptions,
  checkShape,
  checkSizes,
  interpolate,
  type Layer,
} from "@pellucid/core-train";
import {
  concat,
  slice,
  stack,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { SlidingWindows } from "./sliding-windows.ts";

/** Options for {@link windowScores}. */
export interface WindowScoresOptions {
  /** The size that the classifier takes, if it is not that of the windows: they are resized. */
  readonly inputSize?: readonly [height: number, width: number];
  /** How many windows go through the classifier at once. Default: 64. */
  readonly batch?: number;
}

/**
 * What a classifier says of each window of an image: it runs once for each, on the pixels within. See `convolutionalWindowScores` for one run on the whole image.
 *
 * @param model from `[batch, height, width, channel]` to `[batch, class]`
 * @param image `[height, width, channel]`
 * @returns `[window, class]`
 * @throws {StructError} for what is not a layer, a tensor and windows
 * @throws {OptionError} for a wrong option, or without a window
 */
export function windowScores(
  model: Layer<Tensor4D, Tensor2D>,
  image: Tensor3D,
  windows: SlidingWindows,
  options: WindowScoresOptions = {},
): Tensor2D {
  checkArguments("windowScores", { "{ forward }": { model }, "{ size, boxes }": { windows } });
  checkOptions("windowScores", options, ["inputSize", "batch"]);
  const { size, boxes } = windows;
  const { inputSize, batch = 64 } = options;
  checkShape("windowScores", "image", image, ["height", "width", "channel"]);
  checkSizes("windowScores", { batch, windows: boxes.length / 4 });
  const [height, width] = size;
  return tidy(() => {
    const crops = Array.from({ length: boxes.length / 4 }, (_, i) =>
      slice(image, [boxes[4 * i + 1] ?? NaN, boxes[4 * i] ?? NaN, 0], [height, width, image.shape[2]]),
    );
    const scores: Tensor2D[] = [];
    for (let start = 0; start < crops.length; start += batch) {
      const whole = stack(crops.slice(start, start + batch)) as Tensor4D; // [batch, height, width, channel]
      const sized =
        inputSize === undefined
          ? whole
          : interpolate(whole, { size: inputSize, mode: "bilinear", antialias: true });
      scores.push(model.forward(sized));
    }
    return concat(scores, 0); // [window, class]
  });
}
