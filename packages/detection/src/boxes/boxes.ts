import type { Tensor2D } from "@tensorflow/tfjs-core";

/**
 * What the four numbers of a box are: two corners, the top left corner and the size, the center and the size, or two corners with `y` first, as in
 * TensorFlow.
 */
export type BoxFormat = "xyxy" | "xywh" | "cxcywh" | "yxyx";

/** Pixels of the image, or fractions of its width and height. */
export type BoxUnit = "pixels" | "unit";

declare const convention: unique symbol;

/**
 * Boxes `[box, 4]` of one format and unit. The compiler refuses boxes of another convention, and tensors of which it is not known: {@link xyxy},
 * {@link xywh}, {@link cxcywh} and {@link yxyx} state it, {@link boxConvert}, {@link toUnit} and {@link toPixels} change it. At run time it is a tensor
 * like any other.
 *
 * A pixel covers an area: the image is from 0 to its width and height, and the first pixel from 0 to 1.
 */
export type Boxes<F extends BoxFormat = BoxFormat, U extends BoxUnit = BoxUnit> = Tensor2D & {
  readonly [convention]: { readonly format: F; readonly unit: U };
};

/** `x1, y1, x2, y2`: the left, upper, right and lower edge. The format of torchvision and of Pascal VOC. */
export type Xyxy<U extends BoxUnit = "pixels"> = Boxes<"xyxy", U>;

/** `x, y, width, height`, with the left and the upper edge. The format of COCO. */
export type Xywh<U extends BoxUnit = "pixels"> = Boxes<"xywh", U>;

/** `x, y, width, height`, with the center. The format of YOLO and DETR. */
export type Cxcywh<U extends BoxUnit = "pixels"> = Boxes<"cxcywh", U>;

/** `y1, x1, y2, x2`: as {@link Xyxy} with `y` first. The format of TensorFlow. */
export type Yxyx<U extends BoxUnit = "pixels"> = Boxes<"yxyx", U>;
