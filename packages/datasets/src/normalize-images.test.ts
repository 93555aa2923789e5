import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { LabeledImages } from "./labeled-images.ts";
import { normalizeImages } from "./normalize-images.ts";
import { toFloatImages } from "./to-float-images.ts";

interface Known {
  gray: { pixels: number[]; floats: number[]; normalized: number[] };
  color: { pixels: number[]; normalized: number[] };
}

const known = fixture<Known>(import.meta.url, "../fixtures/torch/normalize.json");

function imagesOf(data: Uint8Array, channels: number, max = 255): LabeledImages<Uint8Array> {
  const count = data.length / channels;
  return new LabeledImages(
    { data, shape: [count, 1, 1, channels] },
    { data: new Int32Array(count), shape: [count] },
    { name: "made up", classes: ["one"], max, mean: [0.1307], std: [0.3081] },
  );
}

const gray = imagesOf(Uint8Array.from(known.gray.pixels), 1);
const color = imagesOf(Uint8Array.from(known.color.pixels), 3);

describe("toFloatImages", () => {
  it("gives torchvision's ToTensor to the bit", () => {
    expect([...toFloatImages(gray).images.data]).toEqual(known.gray.floats);
  });

  it("divides by the value of a full pixel, and leaves floats as they are", () => {
    const floats = toFloatImages(imagesOf(Uint8Array.of(0, 4, 16), 1, 16));
    expect([...floats.images.data]).toEqual([0, 0.25, 1]);
    expect([...toFloatImages(floats).images.data]).toEqual([0, 0.25, 1]);
  });
});

describe("normalizeImages", () => {
  it("gives torchvision's Normalize to the bit", () => {
    expect([...normalizeImages(gray).images.data]).toEqual(known.gray.normalized);
    const { images } = normalizeImages(color, [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]);
    expect([...images.data]).toEqual(known.color.normalized);
    expect(images.shape).toEqual([256, 1, 1, 3]);
  });

  it("takes floats as they are", () => {
    expect(normalizeImages(toFloatImages(gray)).images).toEqual(normalizeImages(gray).images);
  });

  it("requires a mean and a deviation for each channel", () => {
    expect(() => normalizeImages(color)).toThrow(
      "normalizeImages: 1 means and 1 deviations, expected one for each of 3 channels.",
    );
  });
});
