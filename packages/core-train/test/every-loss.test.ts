import { readdirSync, readFileSync } from "node:fs";
import * as core from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { grads, mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Stored {
  readonly dtype?: "int32";
  readonly shape: number[];
  readonly data: (number | string)[];
  readonly tolerance?: number;
}

interface Case {
  readonly inputs: readonly Stored[];
  readonly runs: readonly {
    readonly options: Readonly<Record<string, unknown>>;
    readonly output: Stored;
    readonly gradients: readonly (Stored | null)[];
  }[];
}

type Loss = (...given: unknown[]) => Tensor;

const fixtures = new URL("../fixtures/torch/loss/", import.meta.url);
const stored = new Map(readdirSync(fixtures).map((file) => [camel(file.replace(".json", "")), file]));
const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
const losses = [...index.matchAll(/export \{([^}]*)\} from "\.\/loss\//g)]
  .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
  .filter((name) => /^[a-z]\w*$/.test(name))
  .map((name) => [name, (core as Record<string, unknown>)[name] as Loss] as const);

describe.each(losses)("%s", (name, loss) => {
  const { cases } = fixture<{ cases: Case[] }>(fixtures.href, stored.get(name) ?? `no fixture for ${name}`);
  const runs = cases.flatMap(({ inputs, runs }) => runs.map((run) => ({ inputs, ...run })));

  test.each(runs)("agrees with PyTorch: $options", ({ inputs, options, output }) => {
    tidy(() => {
      const y = loss(...inputs.map(opened), openedOptions(options));
      expect(y).toHaveShape(output.shape);
      expect(y).toBeAllclose(numbers(output), within(output));
    });
  });

  test.each(runs)("has PyTorch's gradients: $options", ({ inputs, options, gradients }) => {
    tidy(() => {
      const given = inputs.map(opened);
      const asked = gradients.flatMap((gradient, i) => (gradient === null ? [] : [{ i, gradient }]));
      const slopes = grads((...leaves: Tensor[]) => {
        const all = given.map((x, i) => leaves[asked.findIndex((other) => other.i === i)] ?? x);
        const y = loss(...all, openedOptions(options));
        const uneven = Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.7 * i + 0.3));
        return y.rank === 0 ? y : sum(mul(y, tensor(uneven, y.shape)));
      })(asked.map(({ i }) => given[i] as Tensor));
      for (const [k, { gradient }] of asked.entries()) {
        expect(slopes[k]).toHaveShape(gradient.shape);
        expect(slopes[k]).toBeAllclose(numbers(gradient), within(gradient));
      }
    });
  });

  test("leaves nothing behind", () => {
    tidy(() => {
      for (const { inputs, options } of runs) {
        const given = inputs.map(opened);
        const opts = openedOptions(options);
        expect(() => loss(...given, opts)).toLeakNothing();
      }
    });
  });

  test("refuses a reduction that is none", () => {
    const [first] = runs;
    tidy(() => {
      expect(() => loss(...(first?.inputs ?? []).map(opened), { reduction: "avg" })).toThrow(
        `${name}: reduction is "avg", expected `,
      );
    });
  });
});

test("every fixture has its loss", () => {
  expect([...stored.keys()].filter((name) => !(name in core))).toEqual([]);
});

function opened({ dtype, shape, data }: Stored): Tensor {
  return tensor(data.map(Number), shape, dtype ?? "float32");
}

function openedOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const open = (value: unknown) =>
    typeof value === "object" && value !== null ? opened(value as Stored) : value;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, open(value)]));
}

function numbers({ data }: Stored): number[] {
  return data.map(Number);
}

function within({ tolerance = 0 }: Stored): { rtol: number; atol: number } {
  return { rtol: 0, atol: tolerance };
}

function camel(kebab: string): string {
  return kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
