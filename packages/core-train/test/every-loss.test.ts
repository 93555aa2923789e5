import { readdirSync, readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import * as core from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import {
  dispose,
  expandDims,
  grads,
  mul,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

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
  .filter((name) => /^[a-z]\w*$/.test(name) && name !== "meanOver") // a mean's count of targets, not a loss
  .map((name) => [name, (core as Record<string, unknown>)[name] as Loss] as const);

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  describe.each(losses)("%s", (name, loss) => {
    const { cases } = fixture<{ cases: Case[] }>(fixtures.href, stored.get(name) ?? `no fixture for ${name}`);
    const runs = cases.flatMap(({ inputs, runs }) => runs.map((run) => ({ inputs, ...run })));

    test.each(runs)(
      "has PyTorch's value and gradients: $options",
      ({ inputs, options, output, gradients }) => {
        tidy(() => {
          const given = inputs.map(opened);
          const settings = openedOptions(options);
          const y = loss(...given, settings);
          expect(y).toHaveShape(output.shape);
          expect(y).toBeAllclose(numbers(output), within(output));

          const asked = gradients.flatMap((gradient, i) => (gradient === null ? [] : [{ i, gradient }]));
          const computed = grads((...leaves: Tensor[]) => {
            const all = given.map((x, i) => leaves[asked.findIndex((other) => other.i === i)] ?? x);
            const losses = loss(...all, settings);
            const uneven = Float32Array.from({ length: losses.size }, (_, i) => Math.sin(1.7 * i + 0.3));
            return losses.rank === 0 ? losses : sum(mul(losses, tensor(uneven, losses.shape)));
          })(asked.map(({ i }) => given[i] as Tensor));
          for (const [k, { gradient }] of asked.entries()) {
            expect(computed[k]).toHaveShape(gradient.shape);
            expect(computed[k]).toBeAllclose(numbers(gradient), within(gradient));
          }
        });
      },
    );

    test("leaks no tensors, also when it throws", () => {
      tidy(() => {
        for (const { inputs, options } of runs) {
          const given = inputs.map(opened);
          const settings = openedOptions(options);
          expect(() => loss(...given, settings)).toLeakNothing();
          expect(() => loss(...given, { ...settings, reduction: "avg" })).toLeakNothing();
        }
      });
    });

    test("refuses a reduction that is none", () => {
      tidy(() => {
        const given = (runs[0]?.inputs ?? []).map(opened);
        expect(() => loss(...given, { reduction: "avg" })).toThrow(`${name}: reduction is "avg", expected `);
      });
    });

    test("an empty batch has a sum but no mean", () => {
      tidy(() => {
        const given = (runs[0]?.inputs ?? []).map(({ dtype, shape }) =>
          tensor([], [0, ...shape.slice(1)], dtype ?? "float32"),
        );
        expect(loss(...given, { reduction: "sum" })).toBeAllclose(0);
        expect(() => loss(...given, { reduction: "mean" })).toThrow(core.EmptyBatchError);
      });
    });

    test("refuses an option that it does not have", () => {
      const given = (cases[0] as Case).inputs.map(opened);
      expect(() => loss(...given, { reductoin: "sum" })).toThrow(
        `${name}: there is no option reductoin, did you mean reduction?`,
      );
      dispose(given);
    });

    test("refuses a target of another shape", () => {
      tidy(() => {
        const given = (runs[0]?.inputs ?? []).map(opened);
        const last = given.pop() as Tensor;
        expect(() => loss(...given, expandDims(last, 0))).toThrow(core.ShapeError);
      });
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
  const open = (value: unknown) => {
    if (typeof value === "string" && value in distances) return distances[value];
    return typeof value === "object" && value !== null ? opened(value as Stored) : value;
  };
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, open(value)]));
}

const distances: Readonly<Record<string, unknown>> = {
  pairwise: undefined,
  largest: (x1: Tensor, x2: Tensor) => core.amax(square(sub(x1, x2)), [1, 2]),
};

function numbers({ data }: Stored): number[] {
  return data.map(Number);
}

function within({ tolerance = 0 }: Stored): { rtol: number; atol: number } {
  return { rtol: 0, atol: tolerance };
}

function camel(kebab: string): string {
  return kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
