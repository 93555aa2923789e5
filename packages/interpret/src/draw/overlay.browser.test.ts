import { expect, test } from "vitest";
import { overlay } from "./overlay.ts";

const image = { data: Float32Array.from({ length: 16 }, (_, i) => i / 20), shape: [4, 4, 1] };

function brightness(drawing: HTMLElement): number[] {
  const canvas = drawing.querySelector("canvas") as HTMLCanvasElement;
  const zoom = canvas.width / 4;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  return Array.from({ length: 16 }, (_, i) => {
    const [x, y] = [((i % 4) + 0.5) * zoom, (Math.floor(i / 4) + 0.5) * zoom];
    return context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data[1] as number;
  });
}

test("where the map is 0 the picture is as bright as it is: defect 11 of pytorch-grad-cam", () => {
  const map = Float32Array.from({ length: 16 }, (_, i) => (i === 5 ? 3 : 0));
  const drawn = brightness(overlay(image, { data: map, shape: [4, 4] }, { title: "map" }));
  drawn.forEach((green, i) => {
    if (i !== 5) expect(Math.abs(green - (255 * i) / 20)).toBeLessThan(1); // a byte
  });
  expect(drawn[5]).toBeGreaterThan(150); // viridis' yellow over dark gray
});
