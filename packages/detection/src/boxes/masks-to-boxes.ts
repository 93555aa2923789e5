import { checkShape } from "@pellucid/core-train";
import {
  any,
  argMax,
  cast,
  mul,
  notEqual,
  type Rank,
  reverse,
  scalar,
  stack,
  sub,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Xyxy } from "./boxes.ts";

/**
 * The box of the nonzero pixels of each mask, torchvision's `masks_to_boxes`: from the first pixel's index to the *last one's*, so that a mask of one pixel
 * has a box without area. Add 1 to `x2` and `y2` for the pixels' outer edges. An empty mask has the box `0, 0, 0, 0`.
 *
 * @param masks `[mask, height, width]`
 * @returns `[mask, 4]`
 */
export function masksToBoxes(masks: Tensor3D): Xyxy {
  checkShape("masksToBoxes", "masks", masks, ["mask", "height", "width"]);
  if (masks.size === 0) return zeros<Rank.R2>([masks.shape[0], 4]) as Xyxy;
  return tidy(() => {
    const inside = notEqual(masks, scalar(0, masks.dtype === "bool" ? "bool" : masks.dtype)); // [mask, height, width]
    const [left, right] = ends(any(inside, 1)); // [mask]
    const [top, bottom] = ends(any(inside, 2)); // [mask]
    const full = cast(any(inside, [1, 2]), "float32"); // [mask]
    return stack(
      [left, top, right, bottom].map((edge) => mul(edge, full)),
      1,
    ); // [mask, 4]
  }) as Xyxy;
}

/** The first and the last index that is set in each row. */
function ends(set: ReturnType<typeof any>) {
  const rows = cast(set, "float32") as Tensor2D; // [mask, size]
  const size = rows.shape[1];
  const first = cast(argMax(rows, 1), "float32");
  const last = sub(size - 1, cast(argMax(reverse(rows, 1), 1), "float32"));
  return [first, last] as const;
}
