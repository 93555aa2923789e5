import { beside, cos32, log32, multiplyAdd, octantOf, sin32 } from "./float32.ts";

const { fround, sqrt } = Math;

const TWO_PI = fround(2 * Math.PI);

/**
 * Fills `data`, of 16 numbers or more, with normal numbers as PyTorch does: uniform numbers first, turned in blocks of
 * 16 by Box and Muller's formula in 32 bits; what is left at the end is drawn anew, as the last 16.
 */
export function fillNormal(data: Float32Array, mean: number, std: number, uniform: () => number): void {
  for (let i = 0; i < data.length; i++) data[i] = uniform();
  const whole = data.length - (data.length % 16);
  for (let start = 0; start < whole; start += 16) toNormal(data, start, fround(mean), fround(std));
  if (whole === data.length) return;
  const start = data.length - 16;
  for (let i = start; i < data.length; i++) data[i] = uniform();
  toNormal(data, start, fround(mean), fround(std));
}

function toNormal(data: Float32Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = fround(sqrt(fround(-2 * log32(1 - (data[i] as number)))));
    const angle = fround(TWO_PI * (data[i + 8] as number));
    const octant = octantOf(angle);
    const rest = beside(angle, octant);
    const crossed = (octant & 2) !== 0; // an odd number of quarter turns: sine and cosine change places
    const cos = crossed ? -sin32(rest) : cos32(rest);
    const sin = crossed ? cos32(rest) : sin32(rest);
    const sign = (octant & 4) === 0 ? radius : -radius; // half a turn
    data[i] = multiplyAdd(fround(sign * cos), std, mean);
    data[i + 8] = multiplyAdd(fround(sign * sin), std, mean);
  }
}
