import * as ort from "onnxruntime-web";
import type { Step } from "../contestant.ts";
import { workOf } from "./work.ts";

export async function prepare(text: string): Promise<Step> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  const { size, transposeA, transposeB, ...work } = workOf(text);
  const session = await ort.InferenceSession.create(gemm(size, transposeA, transposeB), {
    executionProviders: ["wasm"],
  });
  const a = new ort.Tensor("float32", work.a, [size, size]);
  const b = new ort.Tensor("float32", work.b, [size, size]);
  return async () => {
    const { c } = await session.run({ a, b });
    const [first = NaN] = (c?.data ?? []) as Float32Array;
    c?.dispose();
    return first;
  };
}

/** A model of one op, in ONNX' protocol buffers: `c = Gemm(a, b)`. */
function gemm(size: number, transposeA: boolean, transposeB: boolean): Uint8Array {
  const attribute = (name: string, value: boolean) =>
    message(5, [...text(1, name), ...number(3, value ? 1 : 0), ...number(20, 2)]);
  const node = [
    ...text(1, "a"),
    ...text(1, "b"),
    ...text(2, "c"),
    ...text(4, "Gemm"),
    ...attribute("transA", transposeA),
    ...attribute("transB", transposeB),
  ];
  const side = message(1, number(1, size));
  const matrix = (name: string) => {
    const type = message(1, [...number(1, 1), ...message(2, [...side, ...side])]);
    return [...text(1, name), ...message(2, type)];
  };
  const graph = [
    ...message(1, node),
    ...text(2, "product"),
    ...message(11, matrix("a")),
    ...message(11, matrix("b")),
    ...message(12, matrix("c")),
  ];
  return Uint8Array.from([...number(1, 8), ...message(8, number(2, 17)), ...message(7, graph)]);
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const message = (field: number, bytes: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => message(field, [...new TextEncoder().encode(value)]);
