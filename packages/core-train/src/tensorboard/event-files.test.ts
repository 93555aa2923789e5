import { readFileSync } from "node:fs";
import {
  encodeEvent,
  encodeImage,
  type Histogram,
  histogram,
  makeGrid,
} from "@pellucid/core-train/tensorboard";
import { ShapeError } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { file, numbers, plain } from "../../test/processes/summary-events.ts";
import { crc32c } from "./crc32c.ts";

const bytesOf = (name: string) => readFileSync(new URL(`../../fixtures/torch/${name}`, import.meta.url));

/** What TensorBoard's own readers found in event-files.tfevents. */
const read = fixture<{
  accumulated: {
    scalars: Record<string, [time: number, step: number, value: number | string][]>;
    histograms: Record<string, [time: number, step: number, Record<string, number | number[]>][]>;
    images: Record<string, [step: number, height: number, width: number, { data: number[] }][]>;
    texts: Record<string, [step: number, text: string][]>;
  };
  shown: { tag: string; plugin: string }[];
}>(import.meta.url, "../../fixtures/torch/event-files.json");

test("scalars, histograms and words are written byte for byte as PyTorch writes them", () => {
  expect(Buffer.concat(plain)).toEqual(bytesOf("event-files-torch.tfevents"));
});

test("the file that TensorBoard was given is still the one that is written", () => {
  expect(file).toEqual(bytesOf("event-files.tfevents"));
});

test("TensorBoard read what was said", () => {
  const { scalars, histograms, images, texts } = read.accumulated;
  expect(scalars).toEqual({
    loss: [
      [1_700_000_000.25, 0, 2.25],
      [1_700_000_001.25, 1, 0],
    ],
    "größe/ω": [[1_700_000_002.25, 2, "nan"]],
  });
  const proto = (of: Histogram) => ({
    min: of.min,
    max: of.max,
    num: of.count,
    sum: of.sum,
    sum_squares: of.sumOfSquares,
    bucket_limit: of.limits,
    bucket: of.counts,
  });
  expect(histograms).toEqual({
    weights: [numbers, [0, 0, 0], [-3, -2.5]].map((values, i) => [
      1_700_000_003.25 + i,
      3 + i,
      proto(histogram(values)),
    ]),
  });
  expect(images["gray"]?.[0]?.slice(0, 3)).toEqual([5, 5, 7]);
  expect(images["gray"]?.[0]?.[3].data).toEqual(Array.from({ length: 35 }, (_, i) => 7 * i));
  expect(images["color"]?.[0]?.[3].data).toEqual(Array.from({ length: 36 }, (_, i) => (11 * i) % 256));
  expect(images["grid"]?.[0]?.slice(0, 3)).toEqual([7, 4, 16]);
  expect(images["grid"]?.[0]?.[3].data.slice(0, 4)).toEqual([0, 5, 20, 25]);
  expect(texts).toEqual({ "notes/text_summary": [[2 ** 33, "**bold** ü"]] });
  expect(new Set(read.shown.map(({ plugin }) => plugin))).toEqual(
    new Set(["scalars", "histograms", "images", "text"]),
  );
});

test("checksums are those of RFC 3720", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
});

test("a number on a limit counts above it, and the outermost buckets take what lies beyond", () => {
  const { limits, counts, min, max } = histogram([1e30, 1e-12, -1e30]);
  expect(counts.filter((count) => count > 0)).toEqual([1, 1, 1]);
  expect(counts[limits.indexOf(1e-12)]).toBe(0);
  expect(counts[limits.indexOf(1e-12) + 1]).toBe(1);
  expect([counts[1], counts.at(-1), min, max]).toEqual([1, 1, -1e30, 1e30]);
});

test("numbers that are not finite do not count", () => {
  expect(histogram([NaN, 1, Infinity])).toEqual(histogram([1]));
  expect(() => histogram([NaN])).toThrow(
    new RangeError("histogram: 1 values and none is finite, expected one at least."),
  );
});

const floats = (shape: number[], ...data: number[]) => ({ data: Float32Array.from(data), shape });

test("floating-point pictures go from 0 to 1; what lies beyond is cut", () => {
  const image = encodeImage(floats([2, 3], -1, 0, 0.5, 0.999, 1, 2));
  expect(decode(image.png)).toMatchObject({ width: 3, height: 2, channels: 1, depth: 8 });
  expect([...decode(image.png).data]).toEqual([0, 0, 127, 254, 255, 255]);
});

test("pictures have up to four channels", () => {
  const image = encodeImage({ data: Uint8Array.of(1, 2, 3, 4), shape: [1, 1, 4] });
  expect(decode(image.png)).toMatchObject({ channels: 4, data: Uint8Array.of(1, 2, 3, 4) });
  expect(() => encodeImage(floats([1, 1, 5], 0, 0, 0, 0, 0))).toThrow(
    new ShapeError(
      "encodeImage: the image is [1, 1, 5], expected [height, width] or [height, width, 1 to 4 channels].",
    ),
  );
  expect(() => encodeImage(floats([1], 0))).toThrow(ShapeError);
});

test("images are in rows of eight", () => {
  const [one, ...shape] = [1, 2, 1];
  const grid = makeGrid({ data: Int32Array.from({ length: 20 }, (_, i) => i), shape: [10, one, ...shape] });
  expect(grid.shape).toEqual([2, 16, 1]);
  expect([...grid.data.subarray(0, 16)]).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect([...grid.data.subarray(16, 21)]).toEqual([16, 17, 18, 19, 0]);
  expect(() => makeGrid(floats([0, 1, 1, 1]))).toThrow(ShapeError);
  expect(() => makeGrid(floats([1, 1, 1], 0))).toThrow(
    "expected [batch, height, width, channel], one image at least",
  );
});

test.each([-1, 0.5, NaN, 2 ** 53])("a step of %d is an error", (step) => {
  expect(() => encodeEvent({ wallTime: 0, step }, [])).toThrow(
    new RangeError(`encodeEvent: the step is ${step}, expected an integer from 0.`),
  );
});
