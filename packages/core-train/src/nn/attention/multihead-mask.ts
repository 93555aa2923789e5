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

/** The masks of a {@link MultiheadAttention}. */
export interface MultiheadMasks {
  /** Padding among the keys, `[batch, key]`: `bool` with `true` for padding, or `float32` values that are added to the scores of a key. */
  readonly keyPaddingMask?: Tensor2D | null;
  /** The attention mask, `[query, key]` or `[batch · head, query, key]`: `bool` with `true` where attention is **blocked**, or `float32` values that are added to the scores. */
  readonly attnMask?: Tensor | null;
  /** Whether later keys are masked. Default: false. */
  readonly isCausal?: boolean;
}

/**
 * Combines the masks of a `MultiheadAttention` into one that is added to the scores. As in PyTorch, `true` blocks.
 *
 * @param scores the shape of the scores, `[batch, head, query, key]`
 * @param options.extraKeys the number of keys after those, which are never masked
 * @param options.offset the position of the first query among the keys
 * @returns as {@link additiveMask}, with the extra keys; `null` if no such mask is needed
 */
export function multiheadMask(
  caller: string,
  { keyPaddingMask = null, attnMask = null, isCausal = false }: MultiheadMasks,
  scores: readonly [number, number, number, number],
  { extraKeys, offset }: { readonly extraKeys: number; readonly offset: number },
): Tensor4D | null {
  if (keyPaddingMask === null && attnMask === null && !(isCausal && extraKeys > 0)) return null;
  const [batch, heads, queries, keys] = scores;
  return tidy(() => {
    const masks: Tensor4D[] = [];
    if (keyPaddingMask !== null) {
      checkMask(caller, "keyPaddingMask", keyPaddingMask, [[batch, keys]]);
      masks.push(
        additiveMask(caller, "keyPaddingMask", reshape(keyPaddingMask, [batch, 1, 1, keys]), scores, true),
      );
    }
    if (attnMask !== null) {
      checkMask(caller, "attnMask", attnMask, [
        [queries, keys],
        [batch * heads, queries, keys],
      ]);
      const shape = attnMask.rank === 2 ? [1, 1, queries, keys] : [...scores];
      masks.push(additiveMask(caller, "attnMask", reshape(attnMask, shape), scores, true));
    }
    if (isCausal && extraKeys > 0)
      masks.push(additiveMask(caller, "isCausal", causalMask(queries, keys, offset), scores));
    const mask = masks.reduce((total, next) => add(total, next));
    if (extraKeys === 0) return mask;
    const [batches, groups, rows] = mask.shape;
    const expanded: Tensor4D = broadcastTo(mask, [batches, groups, rows, keys]);
    return concat([expanded, zeros<Tensor4D["rankType"]>([batches, groups, rows, extraKeys])], 3);
  });
}

function checkMask(caller: string, name: string, mask: Tensor, shapes: readonly (readonly number[])[]): void {
  const fits = shapes.some(
    (shape) => shape.length === mask.rank && shape.every((size, axis) => size === mask.shape[axis]),
  );
  if (fits) return;
  const expected = shapes.map((shape) => `[${shape.join(", ")}]`).join(" or ");
  throw new ShapeError(`${caller}: ${name} is [${mask.shape.join(", ")}], expected ${expected}.`);
}
