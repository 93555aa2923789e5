import { cropImage, type ImageBox } from "@pellucid/core-train";
import { moveScene } from "./move-scene.ts";
import { checkScene, type Scene } from "./scene.ts";

/** A rectangle of a scene, torchvision's `crop`. Objects outside of it keep an empty box: see `sanitizeScene`. */
export function cropScene(scene: Scene, box: ImageBox): Scene {
  checkScene("cropScene", scene);
  return moveScene(scene, {
    image: (image) => cropImage(image, box),
    corner: (x, y) => [x - box.left, y - box.top],
  });
}
