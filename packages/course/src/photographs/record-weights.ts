// Writes squeezenet.safetensors next to this file: the weights of SqueezeNet 1.0 for ImageNet (Han, Mao and Dally's compressed network, decoded; BSD licence)
// in half precision, 2.5 MB. It reads torchvision's names from a safetensors file of 32-bit numbers:
//   node packages/course/src/photographs/record-weights.ts squeezenet1_0-deep-compression.safetensors
import { encodeSafetensors, parseSafetensors } from "@pellucid/core-train";
import { readFile, writeFile } from "node:fs/promises";

/** The bits of the nearest half-precision numbers, ties to even; weights are below 65,504, and those below 2⁻¹⁴ keep fewer digits. */
function toHalf(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (v) => {
    const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(v) || 2 ** -24)));
    const steps = Math.abs(v) / 2 ** (exponent - 10);
    const floor = Math.floor(steps);
    const up = steps - floor > 0.5 || (steps - floor === 0.5 && floor % 2 === 1);
    const digits = floor + Number(up); // a carry beyond 2,047 raises the exponent, as it should
    return (v < 0 ? 0x8000 : 0) | (digits < 1024 ? digits : ((exponent + 14) << 10) + digits);
  });
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Which file? node record-weights.ts WEIGHTS.safetensors");
const { tensors } = parseSafetensors(await readFile(path));
const half = Object.entries(tensors).map(([name, { shape, bytes }]) => {
  const bits = toHalf(new Float32Array(bytes.slice().buffer));
  return [name, { dtype: "F16" as const, shape, bytes: new Uint8Array(bits.buffer) }] as const;
});
await writeFile(`${import.meta.dirname}/squeezenet.safetensors`, encodeSafetensors(Object.fromEntries(half)));
