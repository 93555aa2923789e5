import type { CocoDataset } from "./read-coco.ts";

/** The annotations of a dataset in COCO's JSON, as `readCoco` reads them. */
export function writeCoco({ images, categories, annotations }: CocoDataset): string {
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
