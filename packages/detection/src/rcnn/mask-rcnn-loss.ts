import {
  binaryCrossEntropyWithLogits,
  checkArguments,
  checkShape,
  type HostTensor,
  noGrad,
} from "@pellucid/core-train";
import { concat, reshape, type Scalar, type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import type { BoxArray } from "../anchors/box-array.ts";
import { roiAlign } from "../roi/roi-align.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import { classMaps } from "./class-maps.ts";

/** The regions of one image that have an object. */
export interface MaskedRegions {
  readonly boxes: BoxArray;
  /** The object of each region. */
  readonly objects: Int32Array;
  /** The class of each region. */
  readonly labels: Int32Array;
  /** `[object, height, width]` zeros and ones. */
  readonly masks: HostTensor;
}

/**
 * The loss of masks, torchvision's `maskrcnn_loss`: the binary cross-entropy of the right class's mask with the object's, cut out of the image by {@link roiAlign}; 0 without any object. To be
 * called in a `tidy`.
 *
 * He et al., 2017. Mask R-CNN, section 3. https://arxiv.org/abs/1703.06870
 *
 * @param maskLogits `[region, height, width, class]` of all images
 * @throws {StructError} for what is not a tensor, or not an array of regions
 */
export function maskRcnnLoss(maskLogits: Tensor4D, images: readonly MaskedRegions[]): Scalar {
  checkShape("maskRcnnLoss", "maskLogits", maskLogits, ["region", "height", "width", "class"]);
  checkArguments("maskRcnnLoss", { "{ boxes, objects, labels, masks }[]": { images } });
  const labels = images.flatMap((image) => [...image.labels]);
  if (labels.length === 0) return zeroOf(maskLogits);
  const [, height, width] = maskLogits.shape;
  const targets = noGrad(() => images.flatMap((image) => wantedMasks(image, [height, width])));
  return binaryCrossEntropyWithLogits(classMaps(maskLogits, labels), concat(targets)) as Scalar;
}

function wantedMasks({ boxes, objects, masks }: MaskedRegions, size: [number, number]): Tensor2D[] {
  if (objects.length === 0) return [];
  const [count = 0, height = 0, width = 0] = masks.shape;
  const pictures = tensor4d(Float32Array.from(masks.data), [count, height, width, 1]);
  const rows = Array.from(objects, (object, i) => [object, ...boxes.data.subarray(4 * i, 4 * i + 4)]);
  const rois = { data: Float32Array.from(rows.flat()), shape: [objects.length, 5] };
  return [reshape(roiAlign(pictures, rois, size), [objects.length, size[0] * size[1]])]; // [region, position]
}
