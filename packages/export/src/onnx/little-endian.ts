import type { HostTensor } from "@pellucid/core-train";

/** Numbers as ONNX stores them: 4 bytes each, the lowest first, as all machines that run this have them in memory. */
export function littleEndian(data: HostTensor["data"], dtype: "float32" | "int32"): Uint8Array {
  const numbers = dtype === "float32" ? Float32Array.from(data) : Int32Array.from(data);
  return new Uint8Array(numbers.buffer);
}
