import { type Image, resizeImage } from "@pellucid/core-train";
import { moveScene } from "./move-scene.ts";
import { checkScene, type Scene } from "./scene.ts";
import { heightAndWidth } from "./height-and-width.ts";

/** A scene in another size, torchvision's `resize`: the image antialiased, masks by the nearest pixel. */
export function resizeScene(scene: Scene, size: readonly [height: number, width: number]): Scene {
  checkScene("resizeScene", scene);
  const [height, width] = heightAndWidth("resizeScene", size);
  const [rows, columns] = scene.image.shape;
  return moveScene(scene, {
    image: (image, isMask) => (isMask ? nearest(image, height, width) : resizeImage(image, size)),
    corner: (x, y) => [(x * width) / columns, (y * height) / rows],
  });
}

function nearest({ data, shape: [rows, columns, channels] }: Image, height: number, width: number): Image {
  const sized = new Float32Array(height * width * channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += channels) {
      const from = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sized.set(data.subarray(from * channels, (from + 1) * channels), to);
    }
  return { data: sized, shape: [height, width, channels] };
}
