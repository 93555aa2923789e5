import { checkChoice } from "@pellucid/core-train";
import { add, concat, mul, split, sub, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Boxes, BoxFormat, BoxUnit } from "./boxes.ts";
import { checkBoxes } from "./check-boxes.ts";

type Columns = [Tensor2D, Tensor2D, Tensor2D, Tensor2D];

/** To and from the corners `x1, y1, x2, y2`. */
const corners: Readonly<Record<BoxFormat, { to: (c: Columns) => Columns; from: (c: Columns) => Columns }>> = {
  xyxy: { to: (c) => c, from: (c) => c },
  xywh: {
    to: ([x, y, width, height]) => [x, y, add(x, width), add(y, height)],
    from: ([x1, y1, x2, y2]) => [x1, y1, sub(x2, x1), sub(y2, y1)],
  },
  cxcywh: {
    to: ([x, y, width, height]) => [
      sub(x, mul(width, 0.5)),
      sub(y, mul(height, 0.5)),
      add(x, mul(width, 0.5)),
      add(y, mul(height, 0.5)),
    ],
    from: ([x1, y1, x2, y2]) => [mul(add(x1, x2), 0.5), mul(add(y1, y2), 0.5), sub(x2, x1), sub(y2, y1)],
  },
  yxyx: { to: ([y1, x1, y2, x2]) => [x1, y1, x2, y2], from: ([x1, y1, x2, y2]) => [y1, x1, y2, x2] },
};

/** What a {@link boxConvert} knows of its formats. */
const formats = ["xyxy", "xywh", "cxcywh", "yxyx"] as const;

/**
 * Boxes in another format, torchvision's `box_convert`, which does not know `yxyx`. Differentiable.
 *
 * @param boxes `[box, 4]`
 * @param from the format of `boxes`, which the compiler checks
 * @returns `[box, 4]`
 * @throws OptionError for a format that does not exist
 */
export function boxConvert<From extends BoxFormat, To extends BoxFormat, U extends BoxUnit>(
  boxes: Boxes<From, U>,
  from: NoInfer<From>,
  to: To,
): Boxes<To, U> {
  checkChoice("boxConvert", "from", from, formats);
  checkChoice("boxConvert", "to", to, formats);
  checkBoxes("boxConvert", "boxes", boxes);
  return tidy(() => {
    const columns = split(boxes as Tensor2D, 4, 1) as Columns; // [box, 1] each
    return concat(corners[to].from(corners[from].to(columns)), 1); // [box, 4]
  }) as Boxes<To, U>;
}
