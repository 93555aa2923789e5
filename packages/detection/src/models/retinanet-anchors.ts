import { AnchorGenerator } from "../anchors/anchor-generator.ts";

/** RetinaNet's anchors: three sizes per map, a third of an octave apart, and three aspect ratios. */
export function retinaNetAnchors(): AnchorGenerator {
  return new AnchorGenerator(
    [32, 64, 128, 256, 512].map((size) => [
      size,
      Math.trunc(size * 2 ** (1 / 3)),
      Math.trunc(size * 2 ** (2 / 3)),
    ]),
  );
}
