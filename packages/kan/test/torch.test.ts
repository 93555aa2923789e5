// PyTorch's numbers for both kinds of network: names, initial weights of a seed, outputs, gradients, penalties, scores, adapted grids and ten steps.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  adam,
  encodeSafetensors,
  gradient,
  loadWeights,
  type Module,
  mseLoss,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import {
  adaptiveKnots,
  attribute,
  edgeActivations,
  EfficientKAN,
  KAN,
  KANLinear,
  kanPenalty,
  type KANWidth,
} from "@pellucid/kan";
import { fixture } from "@pellucid/testing";
import {
  add,
  cos,
  exp,
  memory,
  mul,
  range,
  reshape,
  sin,
  slice,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

type State = Readonly<Record<string, number[]>>;

interface KanCase {
  readonly width: KANWidth;
  readonly seed: number;
  readonly options: { readonly grid?: number; readonly k?: number; readonly is_sparse?: boolean };
  readonly state: State;
  readonly x: number[];
  readonly y: number[];
  readonly gradX: number[];
  readonly gradients: State;
  readonly penalty: number[] | number;
  readonly nodes: number[][];
  readonly edges: number[][];
  readonly updated: State;
}

interface LinearCase {
  readonly seed: number;
  readonly options: {
    readonly standalone?: boolean;
    readonly spline?: number;
    readonly size?: number;
    readonly k?: number;
  };
  readonly state: State;
  readonly x: number[];
  readonly y: number[];
  readonly updated: State;
}

const torch = fixture<{
  kan: KanCase[];
  linear: LinearCase[];
  steps: { width: number[]; seed: number; x: number[]; losses: number[] };
  quantiles: { count: number; size: number; index: number[] }[];
}>(import.meta.url, "../fixtures/torch/kan.json");

const within = { rtol: 5e-6, atol: 5e-6 };

const features = (width: KANWidth): number => [width[0]].flat()[0] as number;
const rows = (values: readonly number[], columns: number): Tensor2D =>
  tensor2d([...values], [values.length / columns, columns]);

const make = (
  { width, seed, options: { is_sparse: sparseInit = false, ...options } }: KanCase,
  form: "full" | "local",
) => new KAN(width, { rng: new Rng(seed), ...options, sparseInit, form });

const makeLinear = ({ seed, options: { standalone = true, spline = 1, size = 5, k = 3 } }: LinearCase) =>
  new KANLinear(3, 2, {
    rng: new Rng(seed),
    enableStandaloneScaleSpline: standalone,
    scaleSpline: spline,
    gridSize: size,
    k,
  });

async function expectState(model: Module, wanted: State, tolerance = within): Promise<void> {
  const state = await torchStateOf(model);
  expect(Object.keys(state).toSorted()).toEqual(Object.keys(wanted).toSorted());
  for (const [name, { data }] of Object.entries(state))
    expect([...data].map(Number), name).toBeAllclose(wanted[name] as number[], tolerance);
}

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
  });

  test.for(torch.kan)(
    "KAN($width): initial weights, outputs, gradients, penalty and scores",
    async (wanted) => {
      for (const form of ["full", "local"] as const) {
        const model = make(wanted, form);
        await expectState(model, wanted.state);
        const x = rows(wanted.x, features(wanted.width));
        expect(model.forward(x)).toBeAllclose(wanted.y, within);
        const weighted = (u: Tensor2D): Tensor => {
          const y = model.forward(u);
          return sum(mul(y, reshape(cos(range(0, y.size)), y.shape)));
        };
        expect(gradient(weighted)(x)).toBeAllclose(wanted.gradX, within);
        const { gradients } = valueAndGradients(trainable(model), () => weighted(x));
        for (const [l, { coef, scaleBase, scaleSp }] of model.actFun.entries()) {
          void [coef, scaleBase, scaleSp];
          const of = (name: string) => wanted.gradients[`act_fun.${l}.${name}`] as number[];
          const coefGradient = gradients[`actFun.${l}.coef`] as Tensor;
          expect(transpose(coefGradient, [0, 2, 1])).toBeAllclose(of("coef"), within);
          expect(gradients[`actFun.${l}.scaleBase`] as Tensor).toBeAllclose(of("scale_base"), within);
          expect(gradients[`actFun.${l}.scaleSp`] as Tensor).toBeAllclose(of("scale_sp"), within);
        }
        const penalty = kanPenalty(model, x, { lambCoef: 0.3, lambCoefdiff: 0.2 });
        expect(penalty).toBeAllclose([wanted.penalty].flat(), within);
        const { nodes, edges } = await attribute(model, x);
        expect(nodes.flatMap((scores) => [...scores])).toBeAllclose(wanted.nodes.flat(), within);
        expect(edges.flat().flatMap((row) => [...row])).toBeAllclose(wanted.edges.flat(), within);
        model.dispose();
      }
    },
  );

  test("ten steps with the penalty have PyTorch's losses", async () => {
    const { width, seed, x: values, losses } = torch.steps;
    const model = new KAN(width, { rng: new Rng(seed) });
    const x = rows(values, 2);
    const [a, b] = [slice(x, [0, 0], [-1, 1]), slice(x, [0, 1], [-1, 1])];
    const target: Tensor2D = exp(add(sin(mul(Math.PI, a)), square(b)));
    const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(model));
    for (const [step, wanted] of losses.entries()) {
      const loss = await trainStep(model, optimizer, () =>
        add(mseLoss(model.forward(x), target), mul(1e-2, kanPenalty(model, x))),
      );
      expect([loss], `step ${step}`).toBeAllclose([wanted], { rtol: 1e-5, atol: 1e-5 });
    }
  });
});

test.for(torch.kan)("KAN($width): an adapted grid", async (wanted) => {
  const model = make(wanted, "full");
  await model.actFun[0]?.updateGrid(rows(wanted.x, features(wanted.width)));
  await expectState(model.actFun[0] as Module, wanted.updated, { rtol: 2e-4, atol: 2e-5 });
});

test.for(torch.linear)(
  "KANLinear of seed $seed: initial weights, outputs, an adapted grid that keeps the function",
  async (wanted) => {
    const layer = makeLinear(wanted);
    await expectState(layer, wanted.state);
    const x = rows(wanted.x, 3);
    expect(layer.forward(x)).toBeAllclose(wanted.y, within);
    expect(layer.forward(reshape(x, [3, 5, 3]))).toBeAllclose(wanted.y, within);
    await layer.updateGrid(x);
    await expectState(layer, wanted.updated, { rtol: 2e-4, atol: 2e-5 });
    const outside = Math.max(...wanted.x.map(Math.abs));
    expect(outside).toBeGreaterThan(1); // where the old splines fade, and the new ones do not: close, not equal
  },
);

test.for(torch.quantiles)(
  "the quantiles of $count samples in $size intervals are PyTorch's",
  ({ count, size, index }) => {
    const samples = Array.from({ length: count }, (_, i) => i);
    const knots = adaptiveKnots(samples, size, 1, { gridEps: 0 });
    expect([...knots.subarray(1, -1)]).toEqual(index);
  },
);

test("weights load under the names of both references", async () => {
  const of = async (model: Module) => encodeSafetensors(await torchStateOf(model));
  const x = rows(torch.kan[0]?.x ?? [], 2);
  const [trained, empty] = [
    new KAN([2, [2, 1], 1], { rng: new Rng(5) }),
    withoutInit(() => new KAN([2, [2, 1], 1], { rng: new Rng(6) })),
  ];
  loadWeights(empty, await of(trained));
  expect(empty.forward(x)).toBeAllclose(trained.forward(x), { rtol: 0, atol: 0 });
  const [fast, other] = [
    new EfficientKAN([2, 4, 3], { rng: new Rng(5) }),
    withoutInit(() => new EfficientKAN([2, 4, 3], { rng: new Rng(6) })),
  ];
  loadWeights(other, await of(fast));
  expect(other.forward(x)).toBeAllclose(fast.forward(x), { rtol: 0, atol: 0 });
  expect(Object.keys(await torchStateOf(fast))).toContain("layers.1.spline_scaler");
});

test("nothing leaks: outputs, gradients, penalties and adapted grids", async () => {
  const model = new KAN([2, [2, 1], 1], { rng: new Rng(1) });
  const fast = new EfficientKAN([2, 3, 1], { rng: new Rng(1), form: "local" });
  const x = rows(torch.kan[0]?.x ?? [], 2);
  expect(() => model.forward(x)).toLeakNothing();
  expect(() => fast.forward(x)).toLeakNothing();
  expect(() => gradient((u: Tensor2D) => fast.forward(u))(x)).toLeakNothing();
  expect(() => kanPenalty(model, x)).toLeakNothing();
  expect(() => edgeActivations(model, x)).toLeakNothing();
  const before = memory().numTensors;
  await model.updateGrid(x);
  await fast.updateGrid(x);
  await attribute(model, x);
  expect(memory().numTensors).toBe(before);
});
