import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import * as core from "@pellucid/core-train";
import { fixture, type Numbers } from "@pellucid/testing";
import { memory, slice, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Stored {
  readonly dtype?: "int32";
  readonly shape: number[];
  readonly data: (number | string)[];
}

interface Case {
  readonly metric: string;
  readonly data: number;
  /** What follows the prediction and the target; the options come last. */
  readonly args: readonly [...unknown[], Readonly<Record<string, unknown>>];
  readonly expected: Numbers;
}

interface Metrics {
  readonly data: readonly { readonly prediction: Stored; readonly target: Stored }[];
  readonly cases: readonly Case[];
}

type Measure = (prediction: Tensor, target: Tensor, ...args: unknown[]) => Promise<Numbers>;

interface Metric {
  update(prediction: Tensor, target: Tensor): Promise<void>;
  compute(): Numbers;
  perClass(): number[];
  reset(): void;
}

type MetricClass = new (...args: unknown[]) => Metric;

const { data, cases } = fixture<Metrics>(import.meta.url, "../fixtures/sklearn/metrics.json");
const exported: Readonly<Record<string, unknown>> = { ...core };

const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
const metrics = [...index.matchAll(/export \{([^}]*)\} from "\.\/metric\//g)]
  .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
  .filter((name) => /^[a-z]\w*$/.test(name));

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  describe.each(metrics)("%s", (name) => {
    const measure = exported[name] as Measure;
    const Class = exported[name[0]?.toUpperCase() + name.slice(1)] as MetricClass;
    // What is computed in 32 bits, by PyTorch too, is held to those.
    const atol = ["perplexity", "expectedCalibrationError"].includes(name) ? 1e-6 : 1e-9;
    const tolerance = { rtol: atol, atol };
    const own = cases.filter(({ metric }) => metric === name);

    test("agrees with scikit-learn or torchmetrics", async () => {
      expect(own.length).toBeGreaterThan(0);
      for (const { data: at, args, expected } of own) {
        const { prediction, target } = opened(at);
        const measured = await measure(prediction, target, ...args.map(openedOptions));
        const said = `${name} of data ${at}, ${JSON.stringify(args)}`;
        expect(measured, said).toBeAllclose(expected, tolerance);
      }
    });

    test("adds up over batches, keeps no tensors and forgets", async () => {
      for (const { data: at, args, expected } of own) {
        const options = openedOptions(args.at(-1)) as Record<string, unknown>;
        const all = options["average"] === "none";
        if (all) delete options["average"];
        const metric = new Class(...args.slice(0, -1), options);
        const { prediction, target } = opened(at);
        const before = memory().numTensors;
        const size = target.shape[0] as number;
        const cut = Math.floor(size / 3);
        const read = () => (all ? metric.perClass() : metric.compute());
        await metric.update(prediction, target);
        metric.reset();
        for (const [from, to] of [
          [0, cut],
          [cut, size],
        ] as const) {
          const [x, y] = [rows(prediction, from, to), rows(target, from, to)];
          const updating = metric.update(x, y);
          x.dispose();
          y.dispose();
          await updating;
        }
        expect(read()).toBeAllclose(expected, tolerance);
        expect(memory().numTensors).toBe(before);
      }
    });

    test("refuses a target of another shape, and leaks no tensors", async () => {
      const { prediction, target } = opened(own[0]?.data as number);
      const before = memory().numTensors;
      const longer = tensor([...target.dataSync(), 0], [target.size + 1], target.dtype);
      await expect(measure(prediction, longer, ...(own[0]?.args ?? []))).rejects.toThrow(core.ShapeError);
      longer.dispose();
      expect(memory().numTensors).toBe(before);
    });
  });
});

function rows(x: Tensor, from: number, to: number): Tensor {
  return slice(x, [from, ...x.shape.slice(1).map(() => 0)], [to - from, ...x.shape.slice(1)]);
}

function opened(at: number): { prediction: Tensor; target: Tensor } {
  const { prediction, target } = data[at] as Metrics["data"][number];
  return { prediction: made(prediction), target: made(target) };
}

function made({ dtype, shape, data }: Stored): Tensor {
  return tensor(data.map(Number), shape, dtype ?? "float32");
}

function openedOptions(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, value === "NaN" ? NaN : (value as unknown)]),
  );
}
