import { affineImage, type AffineImageOptions } from "@pellucid/core-train";
import { moveScene } from "./move-scene.ts";
import { checkScene, type Scene } from "./scene.ts";

/**
 * A scene turned, shifted, scaled and sheared, torchvision's `affine`. A box becomes the box around its four moved corners, which is larger than the object where it is turned.
 */
export function affineScene(scene: Scene, options: AffineImageOptions): Scene {
  checkScene("affineScene", scene);
  const [height, width] = scene.image.shape;
  const [a, b, c, d, e, f] = forwardAffine(options, [width, height]);
  return moveScene(scene, {
    image: (image, isMask) =>
      affineImage(image, isMask ? { ...options, interpolation: "nearest", fill: 0 } : options),
    corner: (x, y) => [a * x + b * y + c, d * x + e * y + f],
  });
}

/** The matrix from the old coordinates to the new ones: `T C (R S K) C⁻¹`, with the turn `R`, the scaling `S`, the shears `K`, the shift `T`, and `C` that of the center. */
function forwardAffine(
  { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], center }: AffineImageOptions,
  [width, height]: readonly [number, number],
): readonly [number, number, number, number, number, number] {
  const [turn, shearX, shearY] = [angle, ...shear].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const [x, y] = center ?? [width / 2, height / 2];
  const a = Math.cos(turn - shearY) / Math.cos(shearY);
  const b = -(a * Math.tan(shearX) + Math.sin(turn));
  const c = Math.sin(turn - shearY) / Math.cos(shearY);
  const d = Math.cos(turn) - c * Math.tan(shearX);
  const [xx, xy, yx, yy] = [a * scale, b * scale, c * scale, d * scale];
  return [xx, xy, x + translate[0] - xx * x - xy * y, yx, yy, y + translate[1] - yx * x - yy * y];
}
