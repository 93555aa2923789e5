import { checkOptions, checkSizes, type HostTensor, LabelError, ShapeError } from "@pellucid/core-train";
import { distanceTransform } from "./distance-transform.ts";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link signedDistances}. */
export interface SignedDistancesOptions {
  /** The label of pixels that do not count: their distances are 0. Default: 255. */
  readonly ignoreIndex?: number;
}

/**
 * How far each pixel is from the border of each class: positive outside of it, negative or 0 inside. 0 everywhere for a class that an image does not have. What {@link boundaryLoss}
 * needs; computed once per image.
 *
 * @param labels `[batch, height, width]`
 * @returns `[batch, height, width, class]`
 */
export function signedDistances(
  labels: HostTensor,
  classes: number,
  options: SignedDistancesOptions = {},
): HostTensor<Float32Array> {
  checkOptions("signedDistances", options, ["ignoreIndex"]);
  checkSizes("signedDistances", { classes });
  const ignoreIndex = ignoredLabel("signedDistances", classes, options.ignoreIndex);
  const { data, shape } = labels;
  if (shape.length !== 3)
    throw new ShapeError(
      `signedDistances: labels is [${shape.join(", ")}], expected [batch, height, width].`,
    );
  const [batch = 0, height = 0, width = 0] = shape;
  const size = height * width;
  for (const [i, label] of data.entries())
    if (label !== ignoreIndex && !(Number.isInteger(label) && label >= 0 && label < classes))
      throw new LabelError(
        `signedDistances: labels[${i}] is ${label}, expected a class from 0 to ${classes - 1}, or ${ignoreIndex} to ignore.`,
      );
  const out = new Float32Array(batch * size * classes);
  for (let n = 0; n < batch; n++) {
    const image = data.subarray(n * size, (n + 1) * size);
    for (let c = 0; c < classes; c++) {
      const inside = Uint8Array.from(image, (label) => Number(label === c));
      if (!inside.includes(1)) continue;
      const toClass = distanceTransform({ data: inside, shape: [height, width] }).data;
      const outside = inside.map((value) => 1 - value);
      const toOthers = distanceTransform({ data: outside, shape: [height, width] }).data;
      for (let i = 0; i < size; i++) {
        if (image[i] === ignoreIndex) continue;
        const far = Math.min(toOthers[i] ?? NaN, height + width);
        out[(n * size + i) * classes + c] = inside[i] === 1 ? 1 - far : (toClass[i] ?? NaN);
      }
    }
  }
  return { data: out, shape: [batch, height, width, classes] };
}
