import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type KernelFunc, type TensorInfo, Transform } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  readonly interpolation: "nearest" | "bilinear";
  readonly fillMode: string;
  readonly outputShape?: readonly [number, number] | null;
}

/** Beyond the edges at the top and left tfjs' own takes the pixels of the far ones, where it should reflect; so that is done here. */
export const transformReflected: readonly ComposedKernel[] = [
  {
    kernelName: Transform,
    make: (builtIn) =>
      function composed(call) {
        const attributes = call.attrs as object as Attributes;
        if (attributes.fillMode !== "reflect") return (builtIn as KernelFunc)(call);
        const backend = call.backend as BackendWasm;
        const { image, transforms } = call.inputs as { image: TensorInfo; transforms: TensorInfo };
        const [numbers, weights] = [image, transforms].map(({ dataId }) => backend.readSync(dataId)) as [
          Float32Array,
          Float32Array,
        ];
        const shape = image.shape as [number, number, number, number];
        const size = attributes.outputShape ?? [shape[1], shape[2]];
        const y = reflected(numbers, shape, weights, size, attributes.interpolation);
        const outShape = [shape[0], ...size, shape[3]];
        return { dataId: backend.write(y, outShape, image.dtype), shape: outShape, dtype: image.dtype };
      },
  },
];

type Four = readonly [batch: number, height: number, width: number, channels: number];

function reflected(
  image: Float32Array,
  [batch, height, width, channels]: Four,
  transforms: Float32Array,
  [rows, columns]: readonly [number, number],
  interpolation: Attributes["interpolation"],
): Float32Array {
  const y = new Float32Array(batch * rows * columns * channels);
  const step = transforms.length === 8 ? 0 : 8;
  for (let i = 0; i < y.length / channels; i++) {
    const column = i % columns;
    const row = Math.floor(i / columns) % rows;
    const n = Math.floor(i / columns / rows);
    const affine = (k: number) =>
      (transforms[n * step + k] as number) * column + (transforms[n * step + k + 1] as number) * row;
    const shift = (k: number) => affine(k) + (transforms[n * step + k + 2] as number);
    const depth = affine(6) + 1;
    const [down, across] = [positionIn(shift(3) / depth, height), positionIn(shift(0) / depth, width)];
    const read = (top: number, left: number, c: number) =>
      image[
        ((n * height + Math.min(top, height - 1)) * width + Math.min(left, width - 1)) * channels + c
      ] as number;
    const [top, left] = [Math.floor(down), Math.floor(across)];
    for (let c = 0; c < channels; c++) {
      const along = (line: number) =>
        (left + 1 - across) * read(line, left, c) + (across - left) * read(line, left + 1, c);
      y[i * channels + c] =
        interpolation === "nearest"
          ? read(Math.round(down), Math.round(across), c)
          : (top + 1 - down) * along(top) + (down - top) * along(top + 1);
    }
  }
  return y;
}

/** `dcba|abcd|dcba`, and so on. */
function positionIn(position: number, size: number): number {
  const on = ((position % (2 * size)) + 2 * size) % (2 * size);
  return Math.min(size - 1, Math.max(0, on < size ? on : 2 * size - 1 - on));
}
