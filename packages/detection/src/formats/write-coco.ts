import { checkArguments } from "@pellucid/core-train";
import type { CocoDataset } from "./read-coco.ts";

/**
 * The annotations of a dataset in COCO's JSON, as `readCoco` reads them.
 *
 * @throws {StructError} for what is not an annotation
 */
export function writeCoco(dataset: CocoDataset): string {
  checkArguments("writeCoco", { "{ images, categories, annotations }": { dataset } });
  const { images, categories, annotations } = dataset;
  checkArguments("writeCoco", { "record[]": { images, categories, annotations } });
  return JSON.stringify({
    images: images.map(({ id, fileName, height, width }) => ({ id, file_name: fileName, height, width })),
    categories: categories.map(({ id, name }) => ({ id, name })),
    annotations: annotations.map(({ id, imageId, categoryId, bbox, area, isCrowd, segmentation }) => ({
      id,
      image_id: imageId,
      category_id: categoryId,
      bbox,
      area,
      iscrowd: isCrowd ? 1 : 0,
      segmentation,
    })),
  });
}
