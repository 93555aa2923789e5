import { Fields } from "./fields.ts";
import { jsonOf } from "./text-of.ts";

/** An image of a {@link CocoDataset}. */
export interface CocoImage {
  readonly id: number;
  readonly fileName: string;
  readonly height: number;
  readonly width: number;
}

/** A class of a {@link CocoDataset}. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
}

/** An object of a {@link CocoDataset}. */
export interface CocoAnnotation {
  readonly id: number;
  readonly imageId: number;
  readonly categoryId: number;
  /** `x, y, width, height` in pixels: see `Xywh`. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** Of the mask. */
  readonly area: number;
  /** Whether it is a region of many objects. */
  readonly isCrowd: boolean;
  /** Polygons `x, y, x, y, …`; none if the file has another form. */
  readonly segmentation: readonly (readonly number[])[];
}

/** What a file of COCO's says. Its ids of classes are not indices: number them from 0 on for a model. */
export interface CocoDataset {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations: readonly CocoAnnotation[];
}

/**
 * Reads the annotations of a dataset in COCO's JSON.
 *
 * @throws AnnotationError where a field is missing or of another type, an id occurs twice, or an annotation is of an image or class that does not exist
 */
export function readCoco(file: string | Uint8Array): CocoDataset {
  const root = new Fields("readCoco", "", jsonOf("readCoco", file));
  const images = root.records("images").map((fields) => ({
    id: fields.integer("id"),
    fileName: fields.string("file_name"),
    height: fields.integer("height", 1),
    width: fields.integer("width", 1),
  }));
  const categories = root
    .records("categories")
    .map((fields) => ({ id: fields.integer("id"), name: fields.string("name") }));
  const known = {
    image_id: new Set(images.map(({ id }) => id)),
    category_id: new Set(categories.map(({ id }) => id)),
  };
  for (const [list, ids, count] of [
    ["images", known.image_id, images.length],
    ["categories", known.category_id, categories.length],
  ] as const)
    if (ids.size !== count) throw root.wrong(list, "ids that occur once");
  const seen = new Set<number>();
  const annotations = root.records("annotations").map((fields): CocoAnnotation => {
    const id = fields.integer("id");
    if (seen.has(id)) throw fields.wrong("id", "an id that occurs once");
    seen.add(id);
    for (const [name, ids] of Object.entries(known))
      if (!ids.has(fields.integer(name))) throw fields.wrong(name, "the id of one that is in the file");
    const bbox = fields.numbers("bbox", 4) as [number, number, number, number];
    if (bbox[2] < 0 || bbox[3] < 0) throw fields.wrong("bbox", "a width and a height of 0 or more");
    return {
      id,
      imageId: fields.integer("image_id"),
      categoryId: fields.integer("category_id"),
      bbox,
      area: fields.has("area") ? fields.number("area", 0) : bbox[2] * bbox[3],
      isCrowd: fields.has("iscrowd") && fields.integer("iscrowd") === 1,
      segmentation: polygonsOf(fields),
    };
  });
  return { images, categories, annotations };
}

/** The polygons; none where the segmentation is run-length encoded, which is a record. */
function polygonsOf(fields: Fields): readonly (readonly number[])[] {
  if (!fields.isList("segmentation")) return [];
  const { fields: polygons, indices } = fields.items("segmentation");
  return indices.map((i) => polygons.numbers(i));
}
