import { sizeAlong } from "@pellucid/core-train";
import { checkBoxArray, type BoxArray, boxArray } from "./box-array.ts";

const { fround } = Math;

/**
 * Codes boxes as the distances of their left, upper, right and lower edge from the center of others, torchvision's `BoxLinearCoder`, what FCOS predicts; divided by the sizes
 * of the others unless `normalizeBySize` is false.
 *
 * Tian et al., 2019. FCOS, eq. 1. https://arxiv.org/abs/1904.01355
 */
export class BoxLinearCoder {
  readonly normalizeBySize: boolean;

  /** @param normalizeBySize default: true */
  constructor(normalizeBySize = true) {
    this.normalizeBySize = normalizeBySize;
  }

  /**
   * @param references `[box, 4]`: the anchor of each
   * @param boxes `[box, 4]` to code
   * @returns `[box, 4]`
   */
  encode(references: BoxArray, boxes: BoxArray): BoxArray {
    checkBoxArray("BoxLinearCoder.encode", "references", references);
    checkBoxArray("BoxLinearCoder.encode", "boxes", boxes, sizeAlong(references, 0));
    return this.#each(references, boxes, ({ center, size }, edge, k) => {
      const distance = k < 2 ? fround(center - edge) : fround(edge - center);
      return this.normalizeBySize ? distance / size : distance;
    });
  }

  /**
   * @param codes `[box, 4]`
   * @param references `[box, 4]`: the anchor of each
   * @returns `[box, 4]`
   */
  decode(codes: BoxArray, references: BoxArray): BoxArray {
    checkBoxArray("BoxLinearCoder.decode", "references", references);
    checkBoxArray("BoxLinearCoder.decode", "codes", codes, sizeAlong(references, 0));
    return this.#each(references, codes, ({ center, size }, code, k) => {
      const distance = this.normalizeBySize ? fround(code * size) : code;
      return k < 2 ? center - distance : center + distance;
    });
  }

  #each(
    { data: references }: BoxArray,
    { data }: BoxArray,
    of: (axis: { readonly center: number; readonly size: number }, value: number, k: number) => number,
  ): BoxArray {
    const result = data.map((value, i) => {
      const k = i % 4;
      const axis = i - k + (k % 2);
      const [low, high] = [references[axis] ?? NaN, references[axis + 2] ?? NaN];
      return of({ center: fround(0.5 * fround(low + high)), size: fround(high - low) }, value, k);
    });
    return boxArray(result);
  }
}
