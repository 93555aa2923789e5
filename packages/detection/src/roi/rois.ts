import { type HostTensor, OptionError, ShapeError } from "@pellucid/core-train";
import { Tensor, type Tensor2D } from "@tensorflow/tfjs-core";

/**
 * Regions of interest of a batch of images, `x1, y1, x2, y2` in pixels: rows `[region, 5]` of the image's index in the batch and
 * the box; or a list of boxes `[region, 4]` per image. On the host they need not be read back from a graphics card.
 */
export type Rois = Tensor2D | HostTensor | readonly (Tensor2D | HostTensor)[];

/** A region: the index of the image, and the box. */
export type Roi = readonly [image: number, x1: number, y1: number, x2: number, y2: number];

/**
 * Reads regions.
 *
 * @throws ShapeError for rows of another length
 * @throws OptionError for a box that is not finite, or the index of an image that is not in the batch
 */
export function readRois(caller: string, rois: Rois, batch: number): Roi[] {
  const isList = Array.isArray(rois);
  if (isList && rois.length !== batch)
    throw new ShapeError(
      `${caller}: rois has boxes of ${rois.length} images, expected ${batch}, as many as x has.`,
    );
  const rows = isList
    ? (rois as readonly (Tensor2D | HostTensor)[]).flatMap((boxes, image) =>
        rowsOf(caller, boxes, 4).map((box): number[] => [image, ...box]),
      )
    : rowsOf(caller, rois as Tensor2D | HostTensor, 5);
  for (const [i, row] of rows.entries()) {
    const image = row[0] ?? NaN;
    if (!(Number.isInteger(image) && image >= 0 && image < batch))
      throw new OptionError(
        caller,
        `the image of region ${i}`,
        image,
        `an index of an image, 0 to ${batch - 1}`,
      );
    if (!row.every(Number.isFinite))
      throw new OptionError(caller, `region ${i}`, `[${row.slice(1).join(", ")}]`, "finite coordinates");
  }
  return rows.map(([image = NaN, x1 = NaN, y1 = NaN, x2 = NaN, y2 = NaN]): Roi => [image, x1, y1, x2, y2]);
}

function rowsOf(caller: string, rows: Tensor2D | HostTensor, columns: number): number[][] {
  const { shape } = rows;
  if (shape.length !== 2 || shape[1] !== columns)
    throw new ShapeError(
      `${caller}: rois is [${shape.join(", ")}], expected [region, ${columns}]: ${columns === 5 ? "the index of the image, then " : ""}x1, y1, x2, y2.`,
    );
  const data = rows instanceof Tensor ? rows.dataSync() : rows.data;
  return Array.from({ length: shape[0] ?? 0 }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
}
