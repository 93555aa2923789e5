import { checkArguments } from "@pellucid/core-train";
import type { VocAnnotation } from "./read-voc.ts";

/**
 * The annotation of one image in the XML of Pascal VOC, as `readVoc` reads it.
 *
 * @throws {StructError} for what is not an annotation
 */
export function writeVoc(annotation: VocAnnotation): string {
  checkArguments("writeVoc", { "{ fileName, height, width, depth, objects }": { annotation } });
  const { fileName, height, width, depth, objects } = annotation;
  checkArguments("writeVoc", { text: { fileName }, "{ name, box }[]": { objects } });
  const lines = objects.flatMap(({ name, box: [x1, y1, x2, y2], difficult, truncated }) => [
    "  <object>",
    `    <name>${escaped(name)}</name>`,
    `    <truncated>${Number(truncated)}</truncated>`,
    `    <difficult>${Number(difficult)}</difficult>`,
    "    <bndbox>",
    `      <xmin>${x1}</xmin>`,
    `      <ymin>${y1}</ymin>`,
    `      <xmax>${x2}</xmax>`,
    `      <ymax>${y2}</ymax>`,
    "    </bndbox>",
    "  </object>",
  ]);
  return [
    "<annotation>",
    `  <filename>${escaped(fileName)}</filename>`,
    "  <size>",
    `    <width>${width}</width>`,
    `    <height>${height}</height>`,
    `    <depth>${depth}</depth>`,
    "  </size>",
    ...lines,
    "</annotation>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
