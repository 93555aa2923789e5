// The scan and its gradients against PyTorch's autograd through the plain recurrence, in 64 bits.
import { useBackend } from "@pellucid/backends";
import { DataError, ShapeError } from "@pellucid/core-train";
import { selectiveScan } from "@pellucid/mamba";
import { fixture, hashedTensor } from "@pellucid/testing";
import {
  add,
  grads,
  mul,
  type Rank,
  slice,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Scan {
  readonly sizes: [number, number, number, number];
  readonly y: number[];
  readonly state: number[];
  readonly gradients: Record<string, number[]>;
}
const { scans } = fixture<{ scans: Scan[] }>(import.meta.url, "../fixtures/torch/mamba.json");

function inputsOf([b, l, d, n]: Scan["sizes"]) {
  return {
    u: hashedTensor<Tensor3D>([b, l, d], 1),
    delta: hashedTensor<Tensor3D>([b, l, d], 2, (x) => x + 0.6),
    A: hashedTensor<Tensor2D>([d, n], 3, (x) => 2 * x - 1.1),
    B: hashedTensor<Tensor3D>([b, l, n], 4),
    C: hashedTensor<Tensor3D>([b, l, n], 5),
    initial: hashedTensor<Tensor3D>([b, d, n], 6),
  };
}

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for(scans)("$sizes: outputs and gradients are PyTorch's", ({ sizes, y, state, gradients }) => {
    const inputs = inputsOf(sizes);
    const scanned = selectiveScan(inputs);
    expect(scanned.output).toBeAllclose(y, { rtol: 0, atol: 2e-6 }); // sums of up to 7 products of numbers up to 2
    expect(scanned.state).toBeAllclose(state, { rtol: 0, atol: 2e-6 });
    const names = Object.keys(inputs);
    const found = grads((...[u, delta, A, B, C, initial]: Tensor[]) => {
      const again = selectiveScan({ u, delta, A, B, C, initial } as typeof inputs);
      const weighed = [again.output, again.state].map((z, i) => sum(mul(z, hashedTensor(z.shape, 7 + i))));
      return add(weighed[0] as Tensor, weighed[1] as Tensor);
    })(Object.values(inputs));
    for (const [i, name] of names.entries())
      expect(found[i] as Tensor, name).toBeAllclose(gradients[name] as number[], { rtol: 0, atol: 5e-6 });
  });

  test("two parts of a sequence, with the state passed on, give the whole", () => {
    const inputs = inputsOf([2, 6, 5, 7]);
    const whole = selectiveScan(inputs);
    const part = (x: Tensor3D, from: number, length: number) =>
      slice(x, [0, from, 0], [x.shape[0], length, x.shape[2]]);
    const cut = (from: number, length: number, initial: Tensor3D) => {
      const { u, delta, A, B, C } = inputs;
      const [a, b, c, d] = [u, delta, B, C].map((x) => part(x, from, length)) as [
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
      ];
      return selectiveScan({ u: a, delta: b, A, B: c, C: d, initial });
    };
    const first = cut(0, 2, inputs.initial);
    const second = cut(2, 4, first.state);
    expect(first.output).toBeAllclose(part(whole.output, 0, 2), { rtol: 0, atol: 0 });
    expect(second.output).toBeAllclose(part(whole.output, 2, 4), { rtol: 0, atol: 0 });
    expect(second.state).toBeAllclose(whole.state, { rtol: 0, atol: 0 });
  });

  test("without an initial state it starts at zeros; it leaks nothing", () => {
    const { initial, ...inputs } = inputsOf([2, 5, 3, 4]);
    const scanned = selectiveScan(inputs);
    const from0 = selectiveScan({ ...inputs, initial: zeros<Rank.R3>(initial.shape) });
    expect(scanned.output).toBeAllclose(from0.output, { rtol: 0, atol: 0 });
    expect(() => tidy(() => void selectiveScan(inputs))).toLeakNothing();
  });
});

test("shapes that do not fit together, and an empty sequence, are refused", () => {
  const inputs = inputsOf([2, 5, 3, 4]);
  const B = hashedTensor<Tensor3D>([2, 5, 3], 1);
  expect(() => selectiveScan({ ...inputs, B })).toThrow(
    new ShapeError("selectiveScan: B is [2, 5, 3], expected [2, 5, 4]."),
  );
  const empty = inputsOf([2, 0, 3, 4]);
  expect(() => selectiveScan(empty)).toThrow(
    new DataError("selectiveScan: u has no time steps, expected one or more."),
  );
});
