import { checkOptions, crossEntropy, type CrossEntropyOptions, OptionError } from "@pellucid/core-train";
import { add, mul, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { logitsOf } from "./logits-of.ts";
import type { SegmentationOutput } from "./segmentation-output.ts";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link segmentationLoss}. */
export interface SegmentationLossOptions extends Omit<CrossEntropyOptions, "reduction"> {
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border. */
  readonly ignoreIndex?: number;
  /** How much the auxiliary head's loss counts. Default: 0.5. */
  readonly auxWeight?: number;
}

/**
 * The cross-entropy of each pixel, plus half of the auxiliary head's where there is one: the loss of torchvision's reference training.
 *
 * @param output of a model: logits `[batch, height, width, class]`, or `{ out, aux }`
 * @param target `[batch, height, width]` int32 labels
 * @returns one number, NaN if every pixel is ignored
 * @throws {StructError} for what is not a tensor, or not a record of them
 * @throws {OptionError} for a wrong option
 */
export function segmentationLoss(
  output: Tensor4D | SegmentationOutput,
  target: Tensor,
  options: SegmentationLossOptions = {},
): Tensor {
  checkOptions("segmentationLoss", options, ["weight", "labelSmoothing", "ignoreIndex", "auxWeight"]);
  const { auxWeight = 0.5, ...rest } = options;
  const logits = logitsOf(output, "segmentationLoss");
  const classes = logits.shape.at(-1) ?? 0;
  const ignoreIndex = ignoredLabel("segmentationLoss", classes, options.ignoreIndex);
  if (!(auxWeight >= 0 && auxWeight < Infinity))
    throw new OptionError("segmentationLoss", "auxWeight", auxWeight, "a number of 0 or more");
  return tidy(() => {
    const loss = crossEntropy(logits, target, { ...rest, ignoreIndex });
    if (!("out" in output) || output.aux === undefined) return loss;
    return add(loss, mul(auxWeight, crossEntropy(output.aux, target, { ...rest, ignoreIndex })));
  });
}
