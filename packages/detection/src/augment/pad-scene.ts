import { type ImageFill, type ImagePadding, padImage } from "@pellucid/core-train";
import { moveScene } from "./move-scene.ts";
import { checkScene, type Scene } from "./scene.ts";

/** A scene with a frame around it, torchvision's `pad`. */
export function padScene(scene: Scene, padding: ImagePadding, fill: ImageFill = 0): Scene {
  checkScene("padScene", scene);
  return moveScene(scene, {
    image: (image, isMask) => padImage(image, padding, { fill: isMask ? 0 : fill }),
    corner: (x, y) => [x + padding.left, y + padding.top],
  });
}
