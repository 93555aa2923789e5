import {
  add,
  broadcastTo,
  concat,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { ShapeError } from "../../shape-error.ts";
import { additiveMask } from "./attention-mask.ts";
import { causalMask } from "./causal-mask.ts";

/** Who may not look at whom. */
export interface MultiheadMasks {
  /** Keys that are padding: `[batch, key]`, `bool` with `true` for those, or real numbers to add to their scores. */
  readonly keyPaddingMask?: Tensor2D | null;
  /** `[query, key]` or `[batch · head, query, key]`: `bool` with `true` where a query may **not** look, or real numbers to add to the scores. */
  readonly attnMask?: Tensor | null;
  /** Whether none looks ahead. Default: false. */
  readonly isCausal?: boolean;
}

/**
 * The masks of a `MultiheadAttention` as one that is added to the scores, with PyTorch's meaning: `true` blocks.
 *
 * @param scores `[batch, head, query, key]`
 * @param ends how many keys come after those, at which all may look
 * @returns what `additiveMask` returns, with `ends` more keys; `null` where there is nothing to block
 */
export function multiheadMask(
  who: string,
  { keyPaddingMask = null, attnMask = null, isCausal = false }: MultiheadMasks,
  scores: readonly [number, number, number, number],
  ends: number,
): Tensor4D | null {
  if (keyPaddingMask === null && attnMask === null && !(isCausal && ends > 0)) return null;
  const [batch, heads, queries, keys] = scores;
  return tidy(() => {
    const masks: Tensor4D[] = [];
    if (keyPaddingMask !== null) {
      checkMask(who, "keyPaddingMask", keyPaddingMask, [[batch, keys]]);
      masks.push(
        additiveMask(who, "keyPaddingMask", reshape(keyPaddingMask, [batch, 1, 1, keys]), scores, true),
      );
    }
    if (attnMask !== null) {
      checkMask(who, "attnMask", attnMask, [
        [queries, keys],
        [batch * heads, queries, keys],
      ]);
      const shape = attnMask.rank === 2 ? [1, 1, queries, keys] : [...scores];
      masks.push(additiveMask(who, "attnMask", reshape(attnMask, shape), scores, true));
    }
    if (isCausal && ends > 0) masks.push(additiveMask(who, "isCausal", causalMask(queries, keys), scores));
    const mask = masks.reduce((sum, next) => add(sum, next));
    if (ends === 0) return mask;
    const [some, many, rows] = mask.shape;
    const whole: Tensor4D = broadcastTo(mask, [some, many, rows, keys]);
    return concat([whole, zeros<Tensor4D["rankType"]>([some, many, rows, ends])], 3);
  });
}

function checkMask(who: string, name: string, mask: Tensor, shapes: readonly (readonly number[])[]): void {
  const fits = shapes.some(
    (shape) => shape.length === mask.rank && shape.every((size, axis) => size === mask.shape[axis]),
  );
  if (fits) return;
  const expected = shapes.map((shape) => `[${shape.join(", ")}]`).join(" or ");
  throw new ShapeError(`${who}: ${name} is [${mask.shape.join(", ")}], expected ${expected}.`);
}
