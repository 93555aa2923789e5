import { checkArguments, checkShape, type Layer } from "@pellucid/core-train";
import { reshape, type Tensor2D, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { SlidingWindows } from "./sliding-windows.ts";

/**
 * What a fully convolutional classifier says of each window, in one run on the whole image: windows share what they have in common. Equal to `windowScores` if the net pads nothing, its input is one
 * window, and its stride that of the windows.
 * Sermanet et al., 2014, section 3.5. https://arxiv.org/abs/1312.6229
 *
 * @param model from `[batch, height, width, channel]` to `[batch, row, column, class]`, such as `toFullyConvolutional` of `@pellucid/cnn` makes
 * @param image `[height, width, channel]`
 * @returns `[window, class]`
 * @throws {StructError} for what is not a layer, a tensor and windows
 * @throws {ShapeError} if the net does not give a score for each window
 */
export function convolutionalWindowScores(
  model: Layer<Tensor4D, Tensor4D>,
  image: Tensor3D,
  windows: SlidingWindows,
): Tensor2D {
  checkArguments("convolutionalWindowScores", { "{ forward }": { model }, "{ grid }": { windows } });
  const { grid } = windows;
  checkShape("convolutionalWindowScores", "image", image, ["height", "width", "channel"]);
  return tidy(() => {
    const scores = model.forward(reshape(image, [1, ...image.shape])); // [1, row, column, class]
    const advice =
      "The stride of the windows must be that of the net, and their size what it reduces to one position.";
    checkShape("convolutionalWindowScores", "the model's output", scores, [1, ...grid, "class"], advice);
    return reshape(scores, [-1, scores.shape[3]]); // [window, class]
  });
}
