// node bench/kernels.ts [wasm|cpu] [OP…]: what our kernels change in the time of tfjs' own ops. Both sets of kernels are in the registry of
// one process in turns, so that both meet the same machine; a figure is the median of many calls. Gradients call the kernels of gradients.
import "@pellucid/core-train/gradients";
import { type BackendName, useBackend } from "@pellucid/backends";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { median } from "./median.ts";

const [backend = "wasm", ...wanted] = process.argv.slice(2);
const registered = () =>
  new Map(tf.getKernelsForBackend(backend).map((kernel) => [kernel.kernelName, kernel]));
const plain = registered();
await useBackend({ only: backend as BackendName });
const ours = registered();
const replaced = [...plain.values()].filter(
  ({ kernelName, kernelFunc }) => ours.get(kernelName)?.kernelFunc !== kernelFunc,
);

/** Puts one of the two sets in the registry. */
function take(set: Map<string, tf.KernelConfig>): void {
  for (const { kernelName } of replaced) {
    tf.unregisterKernel(kernelName, backend);
    tf.registerKernel(set.get(kernelName) as tf.KernelConfig);
  }
}

const scale = backend === "cpu" ? 4 : 1; // plain JavaScript is slow enough
const random = (...shape: number[]) => tf.randomUniform(shape, -1, 1, "float32", 1);
const [images, filter, pixel] = [
  random(16 / scale, 28, 28, 16) as tf.Tensor4D,
  random(3, 3, 16, 16) as tf.Tensor4D,
  random(3, 3, 16, 1) as tf.Tensor4D,
];
const volumes = random(2, 8, 8, 8, 4) as tf.Tensor5D;
const cube = random(3, 3, 3, 4, 4) as tf.Tensor5D;
const [rows, other, columns] = [random(256, 512), random(256, 512), random(512)];
const [square, batch, one] = [random(256, 256), random(8, 64, 64), random(1, 64, 64)];
const large = random(1024, 1024);
const short = random(20_000, 3);
const [integers, isPositive] = [tf.cast(tf.mul(rows, 1000), "int32"), tf.greater(rows, 0)];
const six = random(4, 5, 6, 7, 8, 3);
const indices = tf.tensor1d(
  Array.from({ length: 256 }, (_, i) => (i * 7) % 256),
  "int32",
);
const transforms = tf.tensor2d([[1, 0, 1, 0, 1, 0, 0, 0]]);
const dilate = random(3, 3, 16) as tf.Tensor3D;

type Op = (x: tf.Tensor) => tf.Tensor;
const gradientOf = (f: Op, x: tf.Tensor) => () => tf.grad(f)(x);
const conv = (strides: number) => (x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter, strides, "same");
const conv3d = (x: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, cube, 1, "valid");
const maxPool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
const maxPool3d = (x: tf.Tensor) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "valid");
const comparisons = {
  maximum: tf.maximum,
  minimum: tf.minimum,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  equal: tf.equal,
  notEqual: tf.notEqual,
};

/** Each kernel that replaces one of tfjs at work, by its name; some in several shapes. */
const cases: Readonly<Record<string, () => unknown>> = {
  "Conv2D, 3 × 3": () => conv(1)(images),
  "Conv2D, with a stride": () => conv(2)(images),
  "Conv2D, 1 × 1": () => tf.conv2d(images, tf.slice(filter, [1, 1], [1, 1]) as tf.Tensor4D, 1, "valid"),
  Conv2DBackpropInput: gradientOf(conv(1), images),
  Conv2DBackpropFilter: () => tf.grad((w) => tf.conv2d(images, w as tf.Tensor4D, 1, "same"))(filter),
  DepthwiseConv2dNativeBackpropFilter: () =>
    tf.grad((w) => tf.depthwiseConv2d(images, w as tf.Tensor4D, 1, "same"))(pixel),
  Conv3DBackpropInputV2: gradientOf(conv3d, volumes),
  Conv3DBackpropFilterV2: () => tf.grad((w) => tf.conv3d(volumes, w as tf.Tensor5D, 1, "valid"))(cube),
  Dilation2D: () => tf.dilation2d(images, dilate, 1, "same"),
  Dilation2DBackpropInput: gradientOf((x) => tf.dilation2d(x as tf.Tensor4D, dilate, 1, "same"), images),
  Dilation2DBackpropFilter: gradientOf((w) => tf.dilation2d(images, w as tf.Tensor3D, 1, "same"), dilate),
  AvgPool: () => tf.avgPool(images, 2, 2, "valid"),
  MaxPool: () => maxPool(images),
  MaxPoolGrad: gradientOf(maxPool, images),
  MaxPool3D: () => maxPool3d(volumes),
  MaxPool3DGrad: gradientOf(maxPool3d, volumes),
  "BatchMatMul, 256 by 256": () => tf.matMul(square, square),
  "BatchMatMul, the first transposed": () => tf.matMul(square, square, true),
  "BatchMatMul, the second transposed": () => tf.matMul(square, square, false, true),
  "BatchMatMul, 1,024 by 1,024, the first transposed": () => tf.matMul(large, large, true),
  "BatchMatMul, one row": () => tf.matMul(tf.slice(rows, [0, 0], [1, 512]), tf.reshape(rows, [512, 256])),
  "BatchMatMul, a batch with one": () => tf.matMul(batch, one),
  "Add, the same shape": () => tf.add(rows, other),
  "Add, small": () => tf.add(1, 2),
  Sub: () => tf.sub(rows, columns),
  Multiply: () => tf.mul(rows, 3),
  ...Object.fromEntries(
    Object.entries(comparisons).flatMap(([name, op]) => {
      const title = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      return [
        [title, () => op(rows, other)],
        [`${title}, a row with all`, () => op(rows, columns)],
      ];
    }),
  ),
  LogicalAnd: () => tf.logicalAnd(tf.cast(rows, "bool"), tf.cast(other, "bool")),
  LogicalOr: () => tf.logicalOr(tf.cast(rows, "bool"), tf.cast(other, "bool")),
  "Select, floats": () => tf.where(isPositive, rows, other),
  "FloorDiv, integers": () => tf.floorDiv(integers, tf.scalar(7, "int32")),
  "Mod, integers": () => tf.mod(integers, tf.scalar(7, "int32")),
  Prelu: () => tf.prelu(rows, columns),
  "ArgMax, the last axis": () => tf.argMax(rows, 1),
  "ArgMax, the first axis": () => tf.argMax(rows, 0),
  "Reverse, the last axis": () => tf.reverse(rows, 1),
  "Reverse, the first axis": () => tf.reverse(rows, 0),
  Cast: () => tf.cast(rows, "int32"),
  ZerosLike: () => tf.zerosLike(rows),
  Identity: () => tf.clone(rows),
  "Sum, all": () => tf.sum(rows),
  "Sum, the last axis": () => tf.sum(rows, 1),
  "Sum, the first axis": () => tf.sum(rows, 0),
  Cumsum: () => tf.cumsum(rows, 1),
  "Cumsum, the first axis": () => tf.cumsum(rows, 0),
  Cumprod: () => tf.cumprod(rows, 1),
  "Slice, one piece": () => tf.slice(rows, [64, 0], [128, 512]),
  "Slice, rank 2": () => tf.slice(rows, [0, 64], [256, 128]),
  "Slice, rank 2, short rows": () => tf.slice(short, [0, 1], [20_000, 1]),
  "Slice, rank 4": () => tf.slice(images, [0, 4, 4, 0], [16 / scale, 20, 20, 16]),
  "Slice, rank 6": () => tf.slice(six, [0, 1, 0, 2, 0, 1], [4, 3, 6, 4, 8, 2]),
  "Unpack, the first axis": () => tf.unstack(rows, 0),
  "Unpack, the last axis": () => tf.unstack(short, 1),
  "SplitV, the first axis": () => tf.split(rows, 4, 0),
  "SplitV, the last axis": () => tf.split(rows, 4, 1),
  "Concat, the first axis": () => tf.concat([rows, other], 0),
  "Concat, the last axis": () => tf.concat([rows, other], 1),
  "Concat, short rows": () => tf.concat([short, short], 1),
  "Pack, the first axis": () => tf.stack([rows, other], 0),
  "Pack, the last axis": () => tf.stack([rows, other], 2),
  Tile: () => tf.tile(rows, [2, 2]),
  GatherV2: () => tf.gather(rows, indices),
  StridedSlice: () => tf.stridedSlice(rows, [0, 0], [256, 512], [2, 2]),
  RotateWithOffset: () => tf.image.rotateWithOffset(images, 0.5),
  Transform: () => tf.image.transform(images, transforms, "bilinear"),
  UnsortedSegmentSum: () => tf.unsortedSegmentSum(rows, indices, 256),
  ResizeBilinearGrad: gradientOf((x) => tf.image.resizeBilinear(x as tf.Tensor4D, [42, 42]), images),
  ResizeNearestNeighborGrad: gradientOf(
    (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [56, 56]),
    images,
  ),
};

/** The time of one call, in milliseconds, over about two hundredths of a second. */
function timeOf(run: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) tf.engine().tidy(() => void run());
  return (performance.now() - start) / calls;
}

console.log(`| op on ${backend} | tfjs, ms | ours, ms | tfjs / ours |\n| --- | --- | --- | --- |`);
for (const [name, run] of Object.entries(cases)) {
  const kernel = name.split(",")[0] as string;
  if (!replaced.some(({ kernelName }) => kernelName === kernel)) continue;
  if (wanted.length > 0 && !wanted.includes(kernel)) continue;
  const times: Record<"plain" | "ours", number[]> = { plain: [], ours: [] };
  take(ours);
  timeOf(run, 1);
  const calls = Math.max(1, Math.round(20 / timeOf(run, 3)));
  for (let round = 0; round < 15; round++) {
    for (const [which, set] of [
      ["plain", plain],
      ["ours", ours],
    ] as const) {
      take(set);
      const time = timeOf(run, calls);
      if (round > 1) times[which].push(time);
    }
  }
  const [before, after] = [median(times.plain), median(times.ours)];
  console.log(
    `| ${name} | ${before.toPrecision(3)} | ${after.toPrecision(3)} | ${(before / after).toFixed(2)} |`,
  );
}
const measured = new Set(Object.keys(cases).map((name) => name.split(",")[0]));
const left = replaced
  .filter(({ kernelName }) => !measured.has(kernelName))
  .map(({ kernelName }) => kernelName);
if (left.length > 0) console.log(`Not measured: ${left.join(", ")}.`);
process.exit(0);
