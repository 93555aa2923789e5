import { broadcast_util, type TensorInfo, util } from "@tensorflow/tfjs-core";

type Numbers = Float32Array | Int32Array;

/** `f` of all pairs of two tensors that are broadcast. The result is of the dtype of `a`. */
export function eachPair(
  numbersOf: (tensor: TensorInfo) => Numbers,
  a: TensorInfo,
  b: TensorInfo,
  f: (x: number, y: number) => number,
): { numbers: Numbers; shape: readonly number[] } {
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const size = util.sizeFromShape(shape);
  const numbers = a.dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
  const [read, readB] = [a, b].map((tensor) => reader(numbersOf(tensor), tensor.shape, shape)) as [
    (i: number) => number,
    (i: number) => number,
  ];
  for (let i = 0; i < size; i++) numbers[i] = f(read(i), readB(i));
  return { numbers, shape };
}

/** The number that belongs to each index of the broadcast shape. */
function reader(numbers: Numbers, own: number[], shape: number[]): (i: number) => number {
  if (util.arraysEqual(own, shape)) return (i) => numbers[i] as number;
  if (numbers.length === 1) return () => numbers[0] as number;
  const [strides, ownStrides] = [util.computeStrides(shape), util.computeStrides(own)];
  return (i) => {
    const index = util.indexToLoc(i, shape.length, strides).slice(shape.length - own.length);
    const at = index.map((n, axis) => (own[axis] === 1 ? 0 : n));
    return numbers[util.locToIndex(at, at.length, ownStrides)] as number;
  };
}
