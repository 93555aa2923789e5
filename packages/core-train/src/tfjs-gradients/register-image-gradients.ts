import {
  add,
  cast,
  CropAndResize,
  equal,
  gather,
  getGradient,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  range,
  registerGradient,
  relu,
  ResizeBilinear,
  ResizeNearestNeighbor,
  reshape,
  round,
  slice,
  sub,
  type Tensor,
  tensor2d,
  type Tensor2D,
  transpose,
  where,
} from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";
import { applyAlong } from "../op/apply-along.ts";
import { matMul } from "../op/mat-mul.ts";
import { isNested, registerComposedGradient } from "./register-composed-gradient.ts";
import { sizeAlong } from "../op/size-along.ts";

interface ResizeSpec {
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Gives resizing a gradient that knows of half-pixel centers, and may be differentiated again; and cropping one at all. */
export function registerImageGradients(): void {
  for (const [kernelName, taps] of [
    [ResizeBilinear, bilinear],
    [ResizeNearestNeighbor, nearest],
  ] as const) {
    const own = getGradient(kernelName);
    registerGradient({
      kernelName,
      inputsToSave: ["images"],
      gradFunc: (dy, saved, attributes) => {
        const spec = attributes as object as ResizeSpec;
        if (!spec.halfPixelCenters && !isNested()) return own.gradFunc(dy, saved, attributes);
        return { images: () => gathered(dy as Tensor, (saved[0] as Tensor).shape, taps, spec) };
      },
    });
  }
  registerComposedGradient<{ image: Tensor; boxes: Tensor; boxInd: Tensor }, CropSpec>({
    kernelName: CropAndResize,
    inputs: ["image", "boxes", "boxInd"],
    compose: ({ image, boxes, boxInd }, spec) => cropped(image, boxes, boxInd, spec),
  });
}

/** Each input gets from all outputs what they took of it. */
function gathered(dy: Tensor, shape: readonly number[], taps: Taps, spec: ResizeSpec): Tensor {
  return spec.size.reduce<Tensor>((gradients, output, i) => {
    const matrix = matrixOf(taps, sizeAlong({ shape }, i + 1), output, spec);
    return applyAlong(gradients, i + 1, transpose<Tensor2D>(matrix));
  }, dy);
}

type Taps = (position: number, spec: ResizeSpec) => readonly (readonly [at: number, share: number])[];

const bilinear: Taps = (position) => {
  const at = Math.max(0, Math.floor(position));
  const rest = Math.max(0, position - at);
  return [
    [at, 1 - rest],
    [at + 1, rest],
  ];
};

const nearest: Taps = (position, { alignCorners }) => [
  [alignCorners ? Math.round(position) : Math.floor(position), 1],
];

/** How much each output takes of each input, as tfjs' kernels have it. */
function matrixOf(taps: Taps, input: number, output: number, spec: ResizeSpec) {
  const { alignCorners, halfPixelCenters } = spec;
  const aligned = alignCorners && output > 1;
  const scale = aligned ? (input - 1) / (output - 1) : input / output;
  const shift = halfPixelCenters ? 0.5 : 0;
  const matrix = new Float32Array(input * output);
  for (let i = 0; i < output; i++) {
    const position = (i + shift) * scale - (taps === bilinear ? shift : 0);
    for (const [at, share] of taps(position, spec)) {
      const column = Math.min(Math.max(at, 0), input - 1);
      matrix[i * input + column] = (matrix[i * input + column] ?? 0) + share;
    }
  }
  return tensor2d(matrix, [output, input]);
}

interface CropSpec {
  readonly cropSize: readonly [number, number];
  readonly method: "bilinear" | "nearest";
  readonly extrapolationValue: number;
}

/** Each crop is its image times, along either axis, a matrix of how near its positions are to those of the image. */
function cropped(
  image: Tensor,
  boxes: Tensor,
  boxInd: Tensor,
  { cropSize: [rows, columns], method, extrapolationValue }: CropSpec,
): Tensor {
  const [, height = 1, width = 1, channels = 1] = image.shape;
  const count = sizeAlong(boxes, 0);
  const images = gather(image, cast(boxInd, "int32")); //                              [box, height, width, channel]
  const down = along(boxes, 0, height, rows, method);
  const across = along(boxes, 1, width, columns, method);
  const tall = matMul(down.matrix, reshape(images, [count, height, width * channels]));
  const turned = transpose(reshape(tall, [count, rows, width, channels]), [0, 2, 1, 3]); // [box, width, row, channel]
  const wide = matMul(across.matrix, reshape(turned, [count, width, rows * channels]));
  const y = transpose(reshape(wide, [count, columns, rows, channels]), [0, 2, 1, 3]);
  const inside = mul(
    reshape(down.inside, [count, rows, 1, 1]),
    reshape(across.inside, [count, 1, columns, 1]),
  );
  const outside = mul(sub(1, inside), extrapolationValue);
  return add(mul(y, inside), outside);
}

function along(boxes: Tensor, axis: 0 | 1, input: number, output: number, method: CropSpec["method"]) {
  const count = sizeAlong(boxes, 0);
  const [from, to] = [slice(boxes, [0, axis], [count, 1]), slice(boxes, [0, axis + 2], [count, 1])];
  const share = output > 1 ? 1 / (output - 1) : 0;
  const steps = reshape(range(0, output), [1, output]);
  const first = output > 1 ? from : mul(add(from, to), 0.5);
  const positions = mul(add(first, mul(mul(sub(to, from), share), steps)), input - 1); //  [box, output]
  const inside = logicalAnd(greaterEqual(positions, 0), lessEqual(positions, input - 1));
  const inputs = reshape(range(0, input), [1, 1, input]);
  const at = reshape(positions, [count, output, 1]);
  const matrix: Tensor =
    method === "bilinear" ? relu(sub(1, abs(sub(at, inputs)))) : where(equal(round(at), inputs), 1, 0); //                                       [box, output, input]
  return { matrix: cast(matrix, "float32"), inside: cast(inside, "float32") };
}
