import { checkRecord, checkSizeArray, type HostTensor, ShapeError } from "@pellucid/core-train";
import { type BoxArray, checkBoxArray, type Size2d } from "../anchors/box-array.ts";

const { fround } = Math;

/**
 * Masks of regions in the picture, torchvision's `paste_masks_in_image`: each gets a border of a pixel of zeros, its box grows by as much and is rounded towards zero, and the mask is enlarged to
 * it bilinearly.
 *
 * He et al., 2017. Mask R-CNN, section 3. https://arxiv.org/abs/1703.06870
 *
 * @param masks `[region, size, size]` probabilities
 * @param boxes of the regions, in pixels of the picture
 * @returns `[region, height, width]`
 * @throws {StructError} for what is not masks or boxes
 * @throws {OptionError} for a size that is not a height and a width
 * @throws {ShapeError} for masks that are not square or not as many as boxes
 */
export function pasteMasksInImage(
  masks: HostTensor<Float32Array>,
  boxes: BoxArray,
  imageSize: Size2d,
): HostTensor<Float32Array> {
  checkBoxArray("pasteMasksInImage", "boxes", boxes);
  checkRecord("pasteMasksInImage", "masks", masks, ["data", "shape"]);
  checkSizeArray("pasteMasksInImage", "imageSize", imageSize, 2);
  const [regions = 0, size = 0, width = 0] = masks.shape;
  if (masks.shape.length !== 3 || size !== width || regions !== boxes.shape[0])
    throw new ShapeError(
      `pasteMasksInImage: masks is [${masks.shape.join(", ")}], expected [${boxes.shape[0]}, size, size], as many as boxes.`,
    );
  const pixels = imageSize[0] * imageSize[1];
  const pasted = new Float32Array(regions * pixels);
  for (let region = 0; region < regions; region++) {
    const mask = masks.data.subarray(region * size * size, (region + 1) * size * size);
    const box = boxes.data.subarray(4 * region, 4 * region + 4);
    paste(mask, size, box, pasted.subarray(region * pixels, (region + 1) * pixels), imageSize);
  }
  return { data: pasted, shape: [regions, ...imageSize] };
}

function paste(
  mask: Float32Array,
  size: number,
  box: Float32Array,
  into: Float32Array,
  imageSize: Size2d,
): void {
  const grown = fround((size + 2) / size);
  const [x1, x2] = edges(box[0] ?? NaN, box[2] ?? NaN, grown);
  const [y1, y2] = edges(box[1] ?? NaN, box[3] ?? NaN, grown);
  const columns = samples(size + 2, Math.max(x2 - x1 + 1, 1));
  const rows = samples(size + 2, Math.max(y2 - y1 + 1, 1));
  const at = (y: number, x: number): number =>
    y < 1 || x < 1 || y > size || x > size ? 0 : (mask[(y - 1) * size + x - 1] ?? NaN);
  for (let y = Math.max(y1, 0); y < Math.min(y2 + 1, imageSize[0]); y++) {
    const down = rows[y - y1] as Sample;
    for (let x = Math.max(x1, 0); x < Math.min(x2 + 1, imageSize[1]); x++) {
      const across = columns[x - x1] as Sample;
      const above = blend(at(down.low, across.low), at(down.low, across.high), across.fraction);
      const below = blend(at(down.high, across.low), at(down.high, across.high), across.fraction);
      into[y * imageSize[1] + x] = blend(above, below, down.fraction);
    }
  }
}

/** The edges of a box along an axis that grows around its center, rounded towards zero. */
function edges(low: number, high: number, grown: number): [low: number, high: number] {
  const half = fround(fround(fround(high - low) * 0.5) * grown);
  const center = fround(fround(high + low) * 0.5);
  return [Math.trunc(fround(center - half)), Math.trunc(fround(center + half))];
}

interface Sample {
  readonly low: number;
  readonly high: number;
  readonly fraction: number;
}

/** The neighbors of each of `output` positions among `input` ones, with pixel centers at halves. */
function samples(input: number, output: number): Sample[] {
  const scale = fround(input / output);
  return Array.from({ length: output }, (_, i) => {
    const from = Math.max(fround(fround(scale * (i + 0.5)) - 0.5), 0);
    const low = Math.min(Math.floor(from), input - 1);
    return { low, high: Math.min(low + 1, input - 1), fraction: from - low };
  });
}

function blend(a: number, b: number, fraction: number): number {
  return a * (1 - fraction) + b * fraction;
}
