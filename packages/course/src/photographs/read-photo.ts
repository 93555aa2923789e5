import { fromFile } from "../../../interpret/stories/examples.ts";
import { side } from "./program.ts";

/** The middle of a picture, 224 × 224 colors from 0 to 1. */
export async function readPhoto(source: Blob | string): Promise<Float32Array> {
  const file = typeof source === "string" ? await (await fetch(source)).blob() : source;
  return fromFile(file, [side, side, 3]);
}
