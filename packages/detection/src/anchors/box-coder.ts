import {
  checkArguments,
  checkFinite,
  checkPositive,
  type HostTensor,
  OptionError,
  ShapeError,
  sizeAlong,
} from "@pellucid/core-train";
import { checkBoxArray, type BoxArray, boxArray } from "./box-array.ts";

const { fround } = Math;

type Weights = readonly [x: number, y: number, width: number, height: number];

/**
 * Codes boxes as differences from others, torchvision's `BoxCoder`, what R-CNNs, RetinaNet and SSD predict: with a reference box of center `x, y` and size `w, h`,
 * `wx (x′ − x) / w`, `wy (y′ − y) / h`, `ww log(w′ / w)`, `wh log(h′ / h)`.
 *
 * Girshick et al., 2014. R-CNN, appendix C. https://arxiv.org/abs/1311.2524
 */
export class BoxCoder {
  readonly weights: Weights;
  readonly bboxXformClip: number;

  /**
   * @param weights of the center and the size. Default: 1
   * @param bboxXformClip the largest logarithm of a size when decoding. Default: log(1000 / 16)
   */
  constructor(weights: Weights = [1, 1, 1, 1], bboxXformClip: number = Math.log(1000 / 16)) {
    checkArguments("BoxCoder", { numbers: { weights } });
    if (weights.length !== 4)
      throw new OptionError("BoxCoder", "weights", `[${weights.join(", ")}]`, "four: x, y, width, height");
    for (const weight of weights) checkPositive("BoxCoder", { weights: weight });
    checkFinite("BoxCoder", { bboxXformClip });
    this.weights = weights;
    this.bboxXformClip = bboxXformClip;
  }

  /**
   * @param boxes `[box, 4]` to code
   * @param references `[box, 4]`: the anchor or proposal of each
   * @returns `[box, 4]`
   */
  encode(boxes: BoxArray, references: BoxArray): BoxArray {
    checkBoxArray("BoxCoder.encode", "references", references);
    checkBoxArray("BoxCoder.encode", "boxes", boxes, sizeAlong(references, 0));
    const [wx, wy, ww, wh] = this.weights;
    const codes = new Float32Array(boxes.data.length);
    for (let i = 0; i < codes.length; i += 4) {
      const from = centered(references.data, i);
      const to = centered(boxes.data, i);
      codes[i] = fround(wx * fround(to.x - from.x)) / from.width;
      codes[i + 1] = fround(wy * fround(to.y - from.y)) / from.height;
      codes[i + 2] = ww * fround(Math.log(fround(to.width / from.width)));
      codes[i + 3] = wh * fround(Math.log(fround(to.height / from.height)));
    }
    return boxArray(codes);
  }

  /**
   * @param codes `[box, 4 · class]`
   * @param references `[box, 4]`: the anchor or proposal of each
   * @returns `[box, 4 · class]`
   */
  decode(codes: HostTensor<Float32Array>, references: BoxArray): HostTensor<Float32Array> {
    checkBoxArray("BoxCoder.decode", "references", references);
    const [count = 0, columns = 0] = codes.shape;
    if (codes.shape.length !== 2 || columns % 4 !== 0 || count !== references.shape[0])
      throw new ShapeError(
        `BoxCoder.decode: codes is [${codes.shape.join(", ")}], expected [${references.shape[0]}, 4 · class].`,
      );
    const weights = this.weights;
    const boxes = new Float32Array(codes.data.length);
    for (let i = 0; i < count; i++) {
      const from = centered(references.data, 4 * i);
      for (let k = i * columns; k < (i + 1) * columns; k += 4) {
        const code = (axis: number): number => fround((codes.data[k + axis] ?? NaN) / (weights[axis] ?? NaN));
        const size = (axis: number, reference: number): number =>
          fround(fround(Math.exp(Math.min(code(axis), fround(this.bboxXformClip)))) * reference);
        const x = fround(fround(code(0) * from.width) + from.x);
        const y = fround(fround(code(1) * from.height) + from.y);
        const halfWidth = fround(0.5 * size(2, from.width));
        const halfHeight = fround(0.5 * size(3, from.height));
        boxes[k] = x - halfWidth;
        boxes[k + 1] = y - halfHeight;
        boxes[k + 2] = x + halfWidth;
        boxes[k + 3] = y + halfHeight;
      }
    }
    return { data: boxes, shape: codes.shape };
  }
}

function centered(boxes: Float32Array, i: number): Record<"x" | "y" | "width" | "height", number> {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i, i + 4);
  const [width, height] = [fround(x2 - x1), fround(y2 - y1)];
  return { x: fround(x1 + fround(0.5 * width)), y: fround(y1 + fround(0.5 * height)), width, height };
}
