import { OptionError } from "../option-error.ts";
import { colorSizesOf, type Image } from "./image.ts";

/**
 * An image whose colors go round the color wheel, torchvision's `adjust_hue`; a gray one stays. @param factor how far round,
 * from −0.5 to 0.5; 0 changes nothing
 */
export function adjustHueImage(image: Image, factor: number): Image {
  if (typeof factor !== "number" || !(factor >= -0.5 && factor <= 0.5))
    throw new OptionError("adjustHueImage", "factor", factor, "-0.5 to 0.5");
  const [, , channels] = colorSizesOf("adjustHueImage", image);
  if (channels === 1) return image;
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, blue] = image.data.subarray(i, i + 3);
    const [hue, saturation, value] = toHsv(red as number, green as number, blue as number);
    data.set(toRgb((((hue + factor) % 1) + 1) % 1, saturation, value), i);
  }
  return { data, shape: image.shape };
}

type Color = readonly [number, number, number];

function toHsv(red: number, green: number, blue: number): Color {
  const value = Math.max(red, green, blue);
  const range = value - Math.min(red, green, blue);
  if (range === 0) return [0, 0, value];
  const sixths =
    value === red
      ? (green - blue) / range
      : value === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  return [(sixths / 6 + 1) % 1, range / value, value];
}

function toRgb(hue: number, saturation: number, value: number): Color {
  const sixths = hue * 6;
  const part = sixths - Math.floor(sixths);
  const low = value * (1 - saturation);
  const falling = value * (1 - saturation * part);
  const rising = value * (1 - saturation * (1 - part));
  const wheel: readonly Color[] = [
    [value, rising, low],
    [falling, value, low],
    [low, value, rising],
    [low, falling, value],
    [rising, low, value],
    [value, low, falling],
  ];
  return wheel[Math.floor(sixths) % 6] as Color;
}
