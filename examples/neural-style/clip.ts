import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

/** A picture, `height × width × 3` numbers from 0 to 1. */
export interface Picture {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** How far the camera moves between two frames, in pixels. */
export interface Motion {
  readonly dx: number;
  readonly dy: number;
}

/** A part of a picture, as a frame of `size × size`. */
export function cut({ data, width }: Picture, x: number, y: number, size: number): Float32Array {
  const frame = new Float32Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = 3 * ((y + row) * width + x);
    frame.set(data.subarray(from, from + 3 * size), 3 * row * size);
  }
  return frame;
}

/** A video: a camera that moves over a picture. Its true motion is known, so that flicker can be measured. */
export function clipOf(
  picture: Picture,
  { dx, dy, size, frames }: Motion & { size: number; frames: number },
): Float32Array[] {
  const [left, top] = [picture.width - size - dx * (frames - 1), picture.height - size - dy * (frames - 1)];
  if (left < 0 || top < 0) throw new RangeError(`A clip of ${frames} frames leaves the picture.`);
  return Array.from({ length: frames }, (_, t) =>
    cut(picture, Math.floor(left / 2) + dx * t, Math.floor(top / 2) + dy * t, size),
  );
}

/** Frames as a batch, `[frame, size, size, 3]`. */
export function batchOf(frames: readonly Float32Array[], size: number): Tensor4D {
  const data = new Float32Array(frames.length * size * size * 3);
  for (const [i, frame] of frames.entries()) data.set(frame, i * frame.length);
  return tensor4d(data, [frames.length, size, size, 3]);
}

/**
 * How much a video flickers: the root of the mean squared difference between each frame, moved as the camera did, and the next one. 0 where a point keeps its color.
 * Pixels within `edge` of the border are left out, since a network sees other things beyond it.
 */
export function flicker(frames: readonly Float32Array[], { dx, dy }: Motion, size: number, edge = 4): number {
  let [squares, count] = [0, 0];
  for (const [t, later] of frames.entries()) {
    const earlier = frames[t - 1];
    if (earlier === undefined) continue;
    for (let y = edge; y < size - edge - dy; y++)
      for (let x = edge; x < size - edge - dx; x++)
        for (let c = 0; c < 3; c++) {
          const was = earlier[3 * ((y + dy) * size + x + dx) + c] ?? NaN;
          squares += (was - (later[3 * (y * size + x) + c] ?? NaN)) ** 2;
          count++;
        }
  }
  return Math.sqrt(squares / count);
}
