// Test-time training against the definition, token by token with PyTorch's autograd inside.
import { useBackend } from "@pellucid/backends";
import { Rng, torchStateOf, trainable, valueAndGradients } from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import { TttLinear, TttMlp } from "@pellucid/mamba/recurrences";
import { fixture } from "@pellucid/testing";
import {
  concat,
  dispose,
  mul,
  type Rank,
  slice,
  sum,
  type Tensor,
  tensor,
  tensor2d,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly depth: 1 | 2;
  readonly useGate: boolean;
  readonly baseLr: number;
  readonly names: string[];
  readonly output: number[];
  readonly gradients: Readonly<Record<string, number[]>>;
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/torch/ttt.json");
const of = (wave: (i: number) => number) =>
  tensor(
    Float32Array.from({ length: 112 }, (_, i) => wave(i)),
    [2, 7, 8],
  ) as Tensor3D;
const sines = () => of((i) => Math.sin(1.7 * i));
const fields: Readonly<Record<string, string>> = {
  W1: "w1",
  b1: "b1",
  ttt_norm_weight: "tttNormWeight",
  learnable_token_idx: "learnableTokenIdx",
  learnable_ttt_lr_weight: "learnableTttLrWeight",
};

const create = ({ depth, useGate, baseLr }: Pick<Case, "depth" | "useGate" | "baseLr">) => {
  const options = { rng: new Rng(depth), numHeads: 2, miniBatchSize: 4, baseLr, useGate };
  return depth === 1 ? new TttLinear(8, options) : new TttMlp(8, options);
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(cases)(
    "$depth maps, gate $useGate: initial weights, outputs and gradients through the inner training",
    async (made) => {
      const layer = create(made);
      expect(Object.keys(await torchStateOf(layer)).toSorted()).toEqual(made.names.toSorted());
      tidy(() => {
        const x = sines();
        // the outputs are near 1, after a norm of numbers near 0.1
        expect(layer.forward(x)).toBeAllclose(made.output, { atol: 5e-6 });
        const weights = of((i) => Math.cos(0.9 * i));
        const { gradients } = valueAndGradients(trainable(layer), () => sum(mul(layer.forward(x), weights)));
        for (const [name, numbers] of Object.entries(made.gradients))
          expect(gradients[fields[name] as string] as Tensor, name).toBeAllclose(numbers, {
            rtol: 1e-4,
            atol: 1e-4,
          });
      });
      layer.dispose();
    },
  );

  test("steps of any lengths give the outputs of the whole", () => {
    for (const depth of [1, 2] as const) {
      const layer = create({ depth, useGate: true, baseLr: 1 });
      tidy(() => {
        const x = sines();
        const whole = Array.from(layer.forward(x).dataSync());
        for (const cuts of [
          [1, 1, 1, 1, 1, 1, 1],
          [3, 4],
          [5, 2],
          [2, 3, 2],
        ]) {
          let [state, from] = [layer.initialState(2), 0];
          const outputs = cuts.map((length) => {
            const { output, state: next } = layer.step(slice(x, [0, from, 0], [-1, length, -1]), state);
            [state, from] = [next, from + length];
            return output;
          });
          expect(concat(outputs, 1)).toBeAllclose(whole, { atol: 2e-6 });
        }
        expect(() => layer.forward(x)).toLeakNothing();
        expect(() => dispose({ ...layer.initialState(1) })).toLeakNothing();
      });
      layer.dispose();
    }
  });

  test("a later token does not change an earlier output, and the state has one size", () => {
    const layer = create({ depth: 1, useGate: false, baseLr: 1 });
    tidy(() => {
      const x = sines();
      const other = concat([slice(x, [0, 0, 0], [-1, 5, -1]), zeros<Rank.R3>([2, 2, 8])], 1);
      const firstOf = (y: Tensor3D) => Array.from(slice(y, [0, 0, 0], [-1, 5, -1]).dataSync());
      expect(firstOf(layer.forward(other))).toEqual(firstOf(layer.forward(x)));
      const { state } = layer.step(slice(x, [0, 0, 0], [-1, 4, -1]), layer.initialState(2));
      expect(state["inputs0"]?.shape).toEqual([2, 2, 0, 4]);
    });
    layer.dispose();
  });

  test("it mixes time in a language model", () => {
    const rng = new Rng(0);
    const mixer = (width: number) => new TttLinear(width, { rng, numHeads: 2, miniBatchSize: 4 });
    const model = new MambaLm({ rng, vocabSize: 5, dModel: 8, nLayer: 1, mixer });
    tidy(() => {
      expect(model.forward(tensor2d([[0, 1, 2, 3, 4]], [1, 5], "int32")).shape).toEqual([1, 5, 8]);
    });
    model.dispose();
  });
});
