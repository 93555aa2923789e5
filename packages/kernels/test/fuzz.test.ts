import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { gradient, NoGradientError } from "@pellucid/core-train";
import { mul, range, reshape, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { checkedAssembly } from "../../../tools/kernels/checked-assembly.ts";
import { checkBounds, type CheckedBounds } from "./bounds/check-bounds.ts";
import { type Drawn, drawing, toTensor } from "./fuzz/drawing.ts";
import { fuzzedMath } from "./fuzz/fuzzed-math.ts";
import { type Call, fuzzed } from "./fuzz/fuzzed-ops.ts";

// Calls with random shapes, dtypes and numbers, NaN and infinities among them, give the same on WASM, with its bounds checked, as on CPU: values, dtypes,
// shapes, gradients, and what is refused. `PELLUCID_LONG=1` tries fifteen times as many.

const isLong = process.env["PELLUCID_LONG"] !== undefined;
const times = isLong ? 600 : 40;
const all = { ...fuzzed, ...fuzzedMath };
const titled = Object.entries(all);

const calls = titled.map(([, draw], kind) =>
  Array.from({ length: times }, (_, i): Call => {
    const random = drawing(1000 * i + kind);
    random.withSpecial(random.happens(0.3));
    return draw(random);
  }),
);

/** What came of a call, on one backend. */
type Outcome = { refused: true } | { dtype: string; shape: string; numbers: number[] };

function outcomeOf(f: () => Tensor): Outcome {
  return tidy(() => {
    try {
      const y = f();
      return { dtype: y.dtype, shape: y.shape.join(), numbers: [...y.dataSync()] };
    } catch (error) {
      if (error instanceof NoGradientError) return { dtype: "none", shape: "", numbers: [] };
      if (error instanceof RangeError && /(reads|writes|wrote) /.test(error.message)) throw error;
      return { refused: true };
    }
  });
}

/** The value, then the gradient at each input of floats of a sum in which each number counts differently. */
function outcomesOf({ inputs, run }: Call): Outcome[] {
  return tidy(() => {
    const tensors = inputs.map(toTensor);
    const value = outcomeOf(() => run(...tensors));
    if ("refused" in value || value.dtype !== "float32") return [value];
    const weighed = (y: Tensor) => sum(mul(y, reshape(range(1, 1 + y.size), y.shape)));
    const gradients = tensors.flatMap((x, i) =>
      x.dtype === "float32"
        ? [outcomeOf(() => gradient((own: Tensor) => weighed(run(...tensors.with(i, own))))(x))]
        : [],
    );
    return [value, ...gradients];
  });
}

const isNear = (a: number, b: number, scale: number): boolean =>
  a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 2e-5 * scale;

/** How two outcomes differ, or null. */
function difference(cpu: Outcome, wasm: Outcome): string | null {
  if ("refused" in cpu || "refused" in wasm) {
    return "refused" in cpu === "refused" in wasm ? null : `${"refused" in cpu ? "CPU" : "WASM"} refuses it`;
  }
  if (cpu.dtype !== wasm.dtype || cpu.shape !== wasm.shape)
    return `${cpu.dtype} [${cpu.shape}] on CPU, ${wasm.dtype} [${wasm.shape}] on WASM`;
  const scale = Math.max(1, ...cpu.numbers.filter(Number.isFinite).map(Math.abs));
  const at = cpu.numbers.findIndex((n, i) => !isNear(n, wasm.numbers[i] as number, scale));
  return at === -1 ? null : `number ${at} is ${cpu.numbers[at]} on CPU, ${wasm.numbers[at]} on WASM`;
}

const text = ({ shape, dtype }: Drawn) => `${dtype}[${shape.join()}]`;

await useBackend({ only: "cpu" });
const onCpu = calls.map((own) => own.map(outcomesOf));
await useBackend({ only: "wasm" });
const assembly = join(import.meta.dirname, "../assembly");
const bounds: CheckedBounds = await checkBounds(new Uint8Array(checkedAssembly(assembly)), assembly);
afterAll(() => bounds.end());

test.each(titled.map(([name], kind) => [name, kind] as const))("%s", (_, kind) => {
  const found = (calls[kind] ?? []).flatMap((call, i) => {
    const outcomes = outcomesOf(call);
    return (onCpu[kind]?.[i] ?? []).flatMap((cpu, part) => {
      const differs = difference(cpu, outcomes[part] ?? { refused: true });
      const what = part === 0 ? "value" : `gradient ${part}`;
      return differs === null
        ? []
        : [`${call.title} of ${call.inputs.map(text).join(", ")}: ${what}: ${differs}`];
    });
  });
  bounds.check();
  expect(found).toEqual([]);
});
