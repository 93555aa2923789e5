import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { clipOf, flicker, type Picture } from "./clip.ts";
import { batchOfOne, distanceFrom, randomEye } from "./eye.ts";
import { paintPicture } from "./main.ts";
import { mosaic } from "./mosaic.ts";
import { paintVideo } from "./video.ts";

beforeAll(() => useBackend({ only: "wasm" }));

/** Waves of some color. */
const waves = (phase: number, [r, g, b]: readonly [number, number, number]): Picture => {
  const [height, width] = [40, 44];
  const data = new Float32Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const v = 0.5 + 0.4 * Math.sin(x / 4 + phase) * Math.cos(y / 5);
      data.set([r * v, g * v, b * v], 3 * (y * width + x));
    }
  return { data, height, width };
};

test("a moved picture does not flicker, and one that changes does", () => {
  const frames = clipOf(waves(0, [1, 1, 1]), { dx: 2, dy: 1, size: 24, frames: 4 });
  expect(flicker(frames, { dx: 2, dy: 1 }, 24)).toBe(0);
  expect(flicker(frames, { dx: 0, dy: 0 }, 24)).toBeGreaterThan(0.01);
  const changed = frames.map((frame, t) => frame.map((v) => v + (t % 2) * 0.1));
  expect(flicker(changed, { dx: 2, dy: 1 }, 24)).toBeCloseTo(0.1, 5);
  expect(() => clipOf(waves(0, [1, 1, 1]), { dx: 2, dy: 1, size: 40, frames: 4 })).toThrow(
    "leaves the picture",
  );
});

test("each search ends nearer to its style than the picture was, and one for two styles between", async () => {
  const [picture, one, two] = [waves(0, [0.6, 0.7, 0.8]), mosaic(40, 6), waves(2, [0.9, 0.2, 0.2])];
  const eye = randomEye();
  const found = await paintPicture(picture, [one, two], eye, { steps: 25, styleWeight: 3 });
  const far = (style: Picture) => {
    const { loss, dispose } = distanceFrom(eye, [[style, 1]], picture, 1);
    const each = found.map((at) => Number(loss(batchOfOne(at)).dataSync()[0]));
    dispose();
    return each;
  };
  const [fromOne, fromTwo] = [far(one), far(two)] as [number[], number[]];
  expect(fromOne[0]).toBeLessThan(0.3);
  expect(fromTwo[1]).toBeLessThan(0.3);
  expect(fromOne[2]).toBeLessThan(Number(fromOne[1]));
  expect(fromTwo[2]).toBeLessThan(Number(fromTwo[0]));
});

test("a net that was taught on pairs of frames paints a video more steadily than one that was not", async () => {
  const { flickers, painted } = await paintVideo({
    style: mosaic(32, 6),
    pictures: [waves(2, [0.3, 0.8, 0.4]), waves(3, [0.4, 0.4, 1])],
    unseen: waves(0, [0.6, 0.7, 0.8]),
    eye: randomEye(),
    size: 24,
    channels: 8,
    steps: 25,
    frames: 3,
    searchSteps: 10,
  });
  expect(painted).toHaveLength(3);
  expect(flickers.original).toBe(0);
  expect(flickers.steady).toBeLessThan(flickers.single);
});
