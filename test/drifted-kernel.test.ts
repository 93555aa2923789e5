import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(root, "packages/kernels/src/drifted-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Kernels of ops of the core, and what the compiler says of each: nothing of one that fits. */
const kernels = {
  "one that fits": {
    says: "",
    source: `defineWasmKernel<typeof adamStep>("PellucidAdam", (_heap, { gradient, mu, nu }, { beta1 }) =>
      beta1 > 0 ? [gradient, mu, nu] : [gradient, nu, mu])`,
  },
  "a wrong name": {
    says: `Argument of type '"PellucidAdamStep"' is not assignable to parameter of type '"PellucidAdam"'.`,
    source: `defineWasmKernel<typeof adamStep>("PellucidAdamStep", (_heap, { gradient, mu, nu }) => [gradient, mu, nu])`,
  },
  "an input of another name": {
    says: "Property 'momentum' does not exist on type 'KernelInputs<",
    source: `defineWasmKernel<typeof adamStep>("PellucidAdam", (_heap, { gradient, momentum, nu }) => [gradient, momentum, nu])`,
  },
  "an attribute of another name": {
    says: "Property 'beta' does not exist on type 'AdamNumbers'.",
    source: `defineWasmKernel<typeof adamStep>("PellucidAdam", (_heap, { gradient, mu, nu }, { beta }) =>
      beta > 0 ? [gradient, mu, nu] : [gradient, nu, mu])`,
  },
  "an output too few": {
    says: "Source has 2 element(s) but target requires 3.",
    source: `defineWasmKernel<typeof adamStep>("PellucidAdam", (_heap, { gradient, mu }) => [gradient, mu])`,
  },
  "an input of another rank": {
    says: "Tuple type '[number, number]' of length '2' has no element at index '2'.",
    source: `defineWasmKernel<typeof normalizeRows>("PellucidLayerNorm", (heap, { x, weight, bias }) => {
      const [, , channels] = x.shape;
      return [heap.make([channels]), weight, bias];
    })`,
  },
  "an input of another dtype": {
    says: "This comparison appears to be unintentional because the types '\"float32\"' and '\"int32\"' have no overlap.",
    source: `defineWasmKernel<typeof normalizeRows>("PellucidLayerNorm", (_heap, { x, weight, bias }) =>
      x.dtype === "int32" ? [weight, bias, x] : [x, weight, bias])`,
  },
  "an argument of the WebAssembly left out": {
    says: "Property 'dy' is missing in type '{ x: number; dx: number; count: number; }'",
    source: `defineWasmKernel<(typeof siluOp)["backward"]>("PellucidSiluGradient", (heap, { x }) => {
      heap.functions.siluGradient({ x: heap.addressOf(x), dx: 0, count: 1 });
      return x;
    })`,
  },
  "an argument that the WebAssembly does not have": {
    says: "'alpha' does not exist in type",
    source: `defineWasmKernel<(typeof siluOp)["forward"]>("PellucidSilu", (heap, { x }) => {
      heap.functions.silu({ x: heap.addressOf(x), y: 0, count: 1, alpha: 2 });
      return x;
    })`,
  },
  "an attribute of another name, on WebGPU": {
    says: "Property 'rate' does not exist on type",
    source: `defineWebgpuKernel<TsneMoveOp>("PellucidTsneMove", (_backend, { state }, { rate }) => (rate > 0 ? state : state))`,
  },
} as const;

const fileOf = (title: string) => `${title.replaceAll(" ", "-")}.ts`;

/** What the compiler says of each, by file. */
const errors = (() => {
  for (const [title, { source }] of Object.entries(kernels)) {
    const text = `import type { adamStep, normalizeRows, siluOp, TsneMoveOp } from "@pellucid/core-train/ops";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { defineWebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";

export type Used = [typeof adamStep, typeof normalizeRows, typeof siluOp, TsneMoveOp, typeof defineWasmKernel, typeof defineWebgpuKernel];
export const kernel = ${source};
`;
    writeFileSync(join(folder, fileOf(title)), text);
  }
  const configuration = {
    extends: "../../../../tsconfig.tests.json",
    compilerOptions: { noEmit: true, incremental: false },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  const bin = join(root, "node_modules/.bin/tsc");
  return spawnSync(bin, ["-p", folder, "--pretty", "false"], { cwd: folder, encoding: "utf8" }).stdout;
})();

test.each(Object.entries(kernels))("the compiler checks kernels against their op: %s", (title, { says }) => {
  const lines = errors.split(/\n(?! )/).filter((line) => line.startsWith(`${fileOf(title)}(`));
  if (says === "") expect(lines).toEqual([]);
  else expect(lines.join("\n")).toContain(says);
});
