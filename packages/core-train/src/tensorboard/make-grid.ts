import { type HostTensor, sizeOf } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";

/**
 * Lays pictures out in rows of eight, without gaps, the rest black, as PyTorch's `SummaryWriter.add_images`.
 *
 * @param images `[batch, height, width, channel]`
 * @returns `[rows * height, columns * width, channel]`
 */
export function makeGrid({ data, shape }: HostTensor): HostTensor {
  const [count, height, width, channels] = shape as [number, number, number, number];
  if (shape.length !== 4 || count === 0) {
    throw new ShapeError(
      `makeGrid: the images are [${shape.join(", ")}], expected [batch, height, width, channel], one image at least.`,
    );
  }
  const columns = Math.min(count, 8);
  const grid = [Math.ceil(count / columns) * height, columns * width, channels];
  const line = width * channels;
  const result = data instanceof Float32Array ? new Float32Array(sizeOf(grid)) : new Int32Array(sizeOf(grid));
  for (let i = 0; i < count; i++) {
    const corner = (Math.floor(i / columns) * height * columns + (i % columns)) * line;
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * line;
      result.set(data.subarray(from, from + line), corner + y * columns * line);
    }
  }
  return { data: result, shape: grid };
}
