import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { AnnotationError } from "./annotation-error.ts";
import { textOf } from "./text-of.ts";

/** An object of a {@link VocAnnotation}. */
export interface VocObject {
  /** The name of the class. */
  readonly name: string;
  /** `x1, y1, x2, y2` as in the file: VOC counts pixels from 1, and `x2` and `y2` are the last ones. The edges are `x1 − 1, y1 − 1, x2, y2`. */
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  /** Whether it is hard to recognize: it counts neither way. */
  readonly difficult: boolean;
  /** Whether part of it is outside the image or hidden. */
  readonly truncated: boolean;
}

/** What a file of Pascal VOC's says of one image. */
export interface VocAnnotation {
  readonly fileName: string;
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  readonly objects: readonly VocObject[];
}

/**
 * Reads the annotation of one image in the XML of Pascal VOC.
 *
 * @throws AnnotationError where the XML is not well-formed, an element is missing, or a box has no size
 */
export function readVoc(file: string | Uint8Array): VocAnnotation {
  const root = rootOf(textOf("readVoc", file));
  const size = child(root, "size");
  return {
    fileName: textIn(root, "filename"),
    height: numberIn(size, "height", 1),
    width: numberIn(size, "width", 1),
    depth: numberIn(size, "depth", 1),
    objects: children(root, "object").map((object) => {
      const box = child(object, "bndbox");
      const [x1, y1, x2, y2] = ["xmin", "ymin", "xmax", "ymax"].map((name) => numberIn(box, name)) as [
        number,
        number,
        number,
        number,
      ];
      if (x2 < x1 || y2 < y1)
        throw new AnnotationError(
          `readVoc: bndbox is ${[x1, y1, x2, y2].join(", ")}, expected xmin ≤ xmax and ymin ≤ ymax.`,
        );
      return {
        name: textIn(object, "name"),
        box: [x1, y1, x2, y2],
        difficult: flag(object, "difficult"),
        truncated: flag(object, "truncated"),
      };
    }),
  };
}

function rootOf(text: string): XmlElement {
  try {
    const { root } = parseXml(text.replace(/^\uFEFF/, ""));
    if (root?.name === "annotation") return root;
  } catch (cause) {
    throw new AnnotationError(`readVoc: the file is not XML: ${(cause as Error).message.split("\n")[0]}`, {
      cause,
    });
  }
  throw new AnnotationError("readVoc: the file has no element annotation at its root.");
}

function children({ children: all }: XmlElement, name: string): XmlElement[] {
  return all.filter((node): node is XmlElement => node instanceof XmlElement && node.name === name);
}

function child(element: XmlElement, name: string): XmlElement {
  const [found] = children(element, name);
  if (found !== undefined) return found;
  throw new AnnotationError(`readVoc: ${element.name} has no ${name}.`);
}

const textIn = (element: XmlElement, name: string): string => child(element, name).text.trim();

function numberIn(element: XmlElement, name: string, least = -Infinity): number {
  const text = textIn(element, name);
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value >= least) return value;
  throw new AnnotationError(
    `readVoc: ${name} of ${element.name} is "${text}", expected a finite number${least === 1 ? " of 1 or more" : ""}.`,
  );
}

/** 1 or 0; 0 where it is missing or blank. */
function flag(element: XmlElement, name: string): boolean {
  return children(element, name)[0]?.text.trim() === "1";
}
