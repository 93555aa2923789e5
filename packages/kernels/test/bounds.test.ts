import { join } from "node:path";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  gradient,
  NoGradientError,
  Optimizer,
  parameter,
  Rng,
  sgd,
  silu,
  softplus,
  type Transform,
} from "@pellucid/core-train";
import { fixture, inputsOf, type TorchCase } from "@pellucid/testing";
import {
  argMax,
  backend,
  cast,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  dispose,
  gather,
  ones,
  square,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  unsortedSegmentSum,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkedAssembly } from "../../../tools/kernels/checked-assembly.ts";
import { exportedFrom } from "../../../tools/kernels/assembly-functions.ts";
import { drawing, type MatrixCase, type Operand } from "../../core-train/test/matrix/case.ts";
import { cases as matrix } from "../../core-train/test/matrix/cases.ts";
import { type OpArgs, ops } from "../../core-train/test/rows/ops.ts";
import { Heap } from "../src/wasm/heap.ts";
import { instanceIn } from "../src/wasm/module.ts";
import { type CheckedBounds, checkBounds } from "./bounds/check-bounds.ts";
import { attributesOf, cases as convolutions, name, operands } from "./convolution-cases.ts";
import { draws } from "./draw.ts";
import { rows } from "./op-rows.ts";
import { runKernel } from "./run-kernel.ts";
import { wideRows } from "./wide-rows.ts";

const assembly = join(import.meta.dirname, "../assembly");
const compiled = (change?: Parameters<typeof checkedAssembly>[1]) =>
  new Uint8Array(checkedAssembly(assembly, change));

/** The values of an op and its gradients, which are not compared with anything here: where they read and write is what is asked. */
function run(f: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): void {
  tidy(() => {
    f(...inputs);
    for (const [i, x] of inputs.entries()) {
      if (x.dtype === "float32") gradientAt((own) => f(...inputs.with(i, own)), x);
    }
  });
}

/** Indices have no gradient. */
function gradientAt(f: (x: Tensor) => Tensor, x: Tensor): void {
  try {
    gradient((own: Tensor) => sum(square(f(own))))(x);
  } catch (error) {
    if (!(error instanceof NoGradientError)) throw error;
  }
}

const toTensor = ({ shape, data, whole }: Operand): Tensor =>
  whole ? tensor(Int32Array.from(data), [...shape], "int32") : tensor(Float32Array.from(data), [...shape]);

const runCase = ({ operands: operandsOf, run: f }: MatrixCase, seed: number) =>
  run(f, operandsOf(drawing(seed)).map(toTensor));

function runDepthwise(c: (typeof convolutions)[number]): void {
  const { shapes, ...numbers } = operands(c, true);
  const attributes = attributesOf(c);
  const [x, filter, dy] = [
    tensor(numbers.x, shapes.x),
    tensor(numbers.w, shapes.w),
    tensor(numbers.dy, shapes.dy),
  ];
  runKernel(DepthwiseConv2dNative, { x, filter }, attributes);
  runKernel(DepthwiseConv2dNativeBackpropFilter, { x, dy }, { ...attributes, filterShape: shapes.w });
  runKernel(DepthwiseConv2dNativeBackpropInput, { dy, filter }, { ...attributes, inputShape: shapes.x });
  dispose([x, filter, dy]);
}

const fixtures =
  "elementary convolution transposed-convolution pooling padding reducing resampling sampling unpooling".split(
    " ",
  );
const torch = fixtures.flatMap((of) => {
  const { cases } = fixture<{ cases: TorchCase<OpArgs>[] }>(
    import.meta.url,
    `../../core-train/fixtures/torch/${of}-ops.json`,
  );
  return [...new Set(cases.map(({ op }) => op))].map(
    (op) => [`${op} (${of})`, cases.filter((c) => c.op === op)] as const,
  );
});

describe("no kernel reads or writes beyond its tensors:", () => {
  let bounds: CheckedBounds;
  beforeAll(async () => {
    await useBackend({ only: "wasm" });
    bounds = await checkBounds(compiled(), assembly);
  });
  afterEach(() => bounds.check());
  afterAll(() => bounds.end());

  test.each(Object.entries(rows))("%s", (_, { shapes, run: f }) => {
    const { numbers } = draws(3);
    run(
      f,
      shapes.map((shape) => tensor(numbers(shape.reduce((product, n) => product * n, 1)), shape)),
    );
  });

  test.each(matrix.map((c) => [c.name, c] as const))("%s", (_, c) => {
    for (const seed of [1, 2, 3]) runCase(c, seed);
  });

  test.each(convolutions.map((c, i) => [name(c), c, i] as const))("a convolution of %s", (_, c, i) => {
    const { shapes, ...numbers } = operands(c, false);
    const attributes = attributesOf(c);
    const [x, filter, dy] = [
      tensor(numbers.x, shapes.x),
      tensor(numbers.w, shapes.w),
      tensor(numbers.dy, shapes.dy),
    ];
    runKernel(Conv2D, { x, filter }, attributes);
    runKernel(Conv2DBackpropFilter, { x, dy }, { ...attributes, filterShape: shapes.w });
    runKernel(Conv2DBackpropInput, { dy, filter }, { ...attributes, inputShape: shapes.x });
    dispose([x, filter, dy]);
    const each = { ...c, outChannels: [1, 1, 2, 3][i % 4] as number };
    runDepthwise(each);
  });

  test.each(torch)("%s of PyTorch's cases", (_, cases) => {
    for (const c of cases) {
      const call = ops[c.op] as (typeof ops)[string];
      run((...inputs) => call(c.args, ...(inputs as [Tensor, Tensor, Tensor])), inputsOf(c));
    }
  });

  test.each([adam({ learningRate: 0.1 }), sgd({ learningRate: 0.1, momentum: 0.5 })] as Transform<unknown>[])(
    "steps of an optimizer, of %#",
    (transform) => {
      for (const size of [1, 2, 3, 4, 5, 23]) {
        const weight = parameter({ data: new Float32Array(size).fill(1), shape: [size] });
        const optimizer = new Optimizer(transform, { weight });
        for (let step = 0; step < 2; step++) tidy(() => optimizer.step({ weight: ones([size]) }));
        optimizer.dispose();
        weight.dispose();
      }
    },
  );

  test.each(["adamMoves", "momentumMoves"] as const)("%s, as in a compiled step", (name) => {
    const heap = new Heap(backend() as BackendWasm);
    const sizes = [1, 4, 7, 23];
    const [width, addresses] = name === "adamMoves" ? [17, 4] : [11, 3];
    const all = sizes.flatMap((size) => Array.from({ length: addresses }, () => ones([size])));
    const rows = sizes.flatMap((size, i) => {
      const own = all.slice(i * addresses, (i + 1) * addresses).map((x) => heap.addressOf(x));
      return Array.from(
        { length: width },
        (_, at) => own[at] ?? (at === width - (width === 17 ? 10 : 6) ? size : 0),
      );
    });
    const table = tensor1d(rows, "int32");
    const numbers = { table: heap.addressOf(table), parameters: sizes.length, total: 35 };
    for (const [part, parts] of [
      [0, 1],
      [0, 3],
      [1, 3],
      [2, 3],
    ] as const)
      heap.functions[name]({ ...numbers, part, parts });
    const far = rows.with(width === 17 ? 7 : 5, 9); // more numbers than the first parameter has
    const wrong = tensor1d(far, "int32");
    expect(() =>
      heap.functions[name]({ ...numbers, table: heap.addressOf(wrong), part: 0, parts: 1 }),
    ).toThrow(name);
    dispose([...all, table, wrong]);
  });

  test("random numbers", () => {
    const rng = new Rng(1);
    for (const size of [1, 15, 16, 17, 623, 624, 625, 8192, 8193, 20_000]) {
      rng.uniform([size], 0, 1);
      rng.normal([size], 0, 1);
      rng.bernoulli(0.5, [size]);
      rng.skipNormal([size]);
      rng.bernoulli(0.5, [size]);
    }
  });

  test.each([1, 2, 3, 4, 5, 15, 16, 17, 33])("casts, and sums of segments, of %i numbers", (size) => {
    const all = [zeros([size]), ones([size], "int32"), ones([size], "bool")];
    tidy(() => {
      for (const x of all) for (const dtype of ["float32", "int32", "bool"] as const) cast(x, dtype);
      for (const x of all.slice(0, 2)) unsortedSegmentSum(x as Tensor1D, zeros([size], "int32"), 2);
    });
    dispose(all);
  });

  test("so all of our functions were asked, many times", () => {
    expect(bounds.accesses()).toBeGreaterThan(1e6);
    const all = exportedFrom(assembly).map((exported) => exported.name);
    const left = all.filter((own) => !bounds.called.has(own) && !onlyParts.includes(own));
    expect(left).toEqual(["keepConstants"]); // see there
  });
});

/** Functions that only threads call. */
const onlyParts = ["layOutPart", "matMulPart", "transposedMatMulPart", "layerNormInput", "layerNormWeight"];

describe("no part of a kernel that three threads share reads or writes beyond its tensors:", () => {
  let bounds: CheckedBounds;
  beforeAll(async () => {
    await useBackend({ only: "wasm" });
    bounds = await checkBounds(compiled(), assembly, 3);
  });
  afterEach(() => bounds.check());
  afterAll(() => bounds.end());

  test.each(Object.entries({ ...wideRows, ...rows }))("%s", (_, { shapes, run: f }) => {
    const { numbers } = draws(3);
    run(
      f,
      shapes.map((shape) => tensor(numbers(shape.reduce((product, n) => product * n, 1)), shape)),
    );
  });

  test("so all of the functions that only threads call were asked", () => {
    expect(onlyParts.filter((own) => !bounds.called.has(own))).toEqual([]);
  });
});

describe("what is planted is found:", () => {
  let bounds: CheckedBounds;
  beforeAll(async () => {
    await useBackend({ only: "wasm" });
    const planted: Readonly<Record<string, readonly [string, string]>> = {
      "gather.ts": ["i < count", "i <= count"],
      "silu.ts": ["storeLanes(y,", "storeLanes(y + 4,"],
      "softplus.ts": ["loadLanes(x,", "loadLanes(x - 4,"],
      "arg-max.ts": ["sign * load<f32>(at)", "sign * load<f32>(at + 32)"],
    };
    const plant = (text: string, file: string): string => {
      const [from, to] = planted[file] ?? ["", ""];
      if (!text.includes(from)) throw new Error(`${file} has no ${from} any more: plant another fault.`);
      return text.replace(from, to);
    };
    bounds = await checkBounds(compiled(plant), assembly);
  });
  afterAll(() => bounds.end());

  const x = () => ones([5]) as Tensor1D;
  test.each<[string, string, () => unknown]>([
    ["a loop that ends too late", "gatherParts: reads 4 bytes", () => gather(x(), tensor1d([0, 4], "int32"))],
    ["lanes that are stored too far", "silu: writes 4 bytes", () => silu(x())],
    ["a number before the first", "softplus: reads 16 bytes", () => softplus(x())],
    ["numbers far after the last", "argMax: reads 4 bytes", () => argMax(x())],
  ])("%s", (_, message, body) => {
    expect(() => tidy(() => void body())).toThrow(message);
  });

  test("what a kernel of tfjs writes after its tensor", () => {
    const y = ones([3]);
    const address = new Heap(backend() as BackendWasm).addressOf(y);
    new Float32Array(instanceIn(backend() as BackendWasm).memory.buffer, address, 4)[3] = 1;
    expect(() => bounds.check()).toThrow("A kernel wrote after a tensor of 12 bytes: 0 bytes from there.");
    bounds.check();
    y.dispose();
  });

  test("a tensor whose memory was given back", () => {
    const heap = new Heap(backend() as BackendWasm);
    const y = heap.make([2000]);
    const to = heap.addressOf(y);
    heap.free(y);
    expect(() => heap.functions.fillFloats({ to, value: 0, count: 1 })).toThrow("fillFloats: writes 4 bytes");
  });

  test("what was not planted is not found", () => {
    const y = cast(ones([3]), "int32");
    expect([...y.dataSync()]).toEqual([1, 1, 1]);
    y.dispose();
  });
});
