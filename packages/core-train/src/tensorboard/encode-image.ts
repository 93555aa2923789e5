import { encode } from "fast-png";
import type { HostTensor } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";

/** A picture as TensorBoard takes it. */
export interface PngImage {
  readonly height: number;
  readonly width: number;
  /** 1: gray, 2: gray and opacity, 3: red, green, blue, 4: those and opacity. */
  readonly channels: number;
  readonly png: Uint8Array;
}

/**
 * A picture as PNG. Floating-point numbers go from 0 to 1, whole ones from 0 to 255; what lies beyond is cut, and parts of a
 * 255th are dropped, as in PyTorch.
 *
 * @param image `[height, width]` or `[height, width, channel]`
 */
export function encodeImage({ data, shape }: HostTensor): PngImage {
  const [height, width, channels = 1] = shape;
  if (height === undefined || width === undefined || shape.length > 3 || channels < 1 || channels > 4) {
    throw new ShapeError(
      `encodeImage: the image is [${shape.join(", ")}], expected [height, width] or [height, width, 1 to 4 channels].`,
    );
  }
  const scale = data instanceof Float32Array ? 255 : 1;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Math.min(Math.max(Math.fround((data[i] ?? NaN) * scale), 0), 255);
  }
  return { height, width, channels, png: encode({ width, height, channels, data: bytes }) };
}
