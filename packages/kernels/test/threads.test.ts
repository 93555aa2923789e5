// Kernels give the same bits for any number of threads.
import { createHash } from "node:crypto";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  compile,
  gradient,
  Optimizer,
  parameter,
  sgd,
  silu,
  type Transform,
} from "@pellucid/core-train";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { splits } from "../src/threads/splits.ts";
import { ThreadError } from "../src/threads/thread-error.ts";
import { ThreadPool } from "../src/threads/thread-pool.ts";
import { Threads } from "../src/threads/threads.ts";
import { instanceIn } from "../src/wasm/module.ts";
import { draws } from "./draw.ts";
import { type Row, rows } from "./op-rows.ts";
import { wideRows } from "./wide-rows.ts";

let threads: Threads;

/** The functions whose calls several threads took. */
const shared = new Set<string>();

beforeAll(async () => {
  await useBackend({ only: "wasm" });
  threads = instanceIn(backend() as BackendWasm).threads as Threads;
  threads.sharesAll = true;
  vi.spyOn(ThreadPool.prototype, "run");
});

afterEach(() => {
  const { calls } = vi.mocked(ThreadPool.prototype).run.mock;
  for (const [job] of calls) if (job.length > 1) for (const { name } of job) shared.add(name);
});

afterAll(async () => {
  await threads.set(1);
  threads.sharesAll = false;
  vi.restoreAllMocks();
});

const all = {
  ...rows,
  ...Object.fromEntries(Object.entries(wideRows).map(([title, row]) => [`wide: ${title}`, row])),
};

describe("one, two and three threads give the same bits, forward and backward:", () => {
  test.each(Object.entries(all))("%s", async (_, { shapes, run }) => {
    const bits: (readonly string[])[] = [];
    for (const count of [1, 2, 3]) {
      await threads.set(count);
      tidy(() => void bits.push(bitsOf(shapes, run)));
    }
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});

const transforms: Record<string, Transform<unknown>> = {
  Adam: adam({ weightDecay: 0.1 }) as Transform<unknown>,
  momentum: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }) as Transform<unknown>,
};

describe("one, two and three threads give the same bits in steps of an optimizer:", () => {
  test.each(Object.entries(transforms))("%s", async (_, transform) => {
    const bits: string[] = [];
    for (const count of [1, 2, 3]) {
      await threads.set(count);
      const { numbers } = draws(4);
      const weight = parameter({ data: numbers(5003), shape: [5003] });
      const optimizer = new Optimizer(transform, { weight });
      for (let step = 0; step < 3; step++) tidy(() => optimizer.step({ weight: tensor(numbers(5003)) }));
      bits.push(bitsOfTensor(weight));
      optimizer.dispose();
      weight.dispose();
    }
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});

describe("one, two and three threads give the same bits in compiled steps of an optimizer:", () => {
  test.each(Object.entries(transforms))("%s", async (_, transform) => {
    const bits: string[][] = [];
    for (const count of [1, 2, 3]) {
      await threads.set(count);
      const { numbers } = draws(4);
      const weights = [5003, 7, 64].map((size) => parameter({ data: numbers(size), shape: [size] }));
      const named = Object.fromEntries(weights.map((weight, i) => [i, weight]));
      const optimizer = new Optimizer(transform, named);
      const step = compile((x: Tensor) =>
        optimizer.step(tidy(() => Object.fromEntries(weights.map((weight, i) => [i, mul(weight, x)])))),
      );
      await step.ready;
      for (let i = 0; i < 5; i++) tidy(() => step(tensor(numbers(1))));
      expect(step.report().replayed).toBe(3);
      bits.push(weights.map(bitsOfTensor));
      for (const each of [step, optimizer, ...weights]) each.dispose();
    }
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});

describe("when a thread fails in a compiled step,", () => {
  /** The parameter before and after a replay in which a job with `failing` fails, and the error. */
  async function replayWithout(failing: string) {
    await threads.set(2);
    const weight = parameter({ data: new Float32Array(5003).fill(1), shape: [5003] });
    const optimizer = new Optimizer(adam({ learningRate: 0.1 }), { weight });
    const step = compile((x: Tensor) => optimizer.step(tidy(() => ({ weight: silu(mul(weight, x)) }))));
    await step.ready;
    for (let i = 0; i < 3; i++) tidy(() => step(tensor([i])));
    const before = bitsOfTensor(weight);
    const pool = vi.mocked(ThreadPool.prototype);
    pool.run.mockImplementation((job) => {
      if (job.some(({ name }) => name === failing)) throw new ThreadError("thread 1 of 2 has ended: test.");
    });
    let message = "";
    try {
      tidy(() => step(tensor([3])));
    } catch (error) {
      message = String(error);
    }
    pool.run.mockRestore();
    vi.spyOn(ThreadPool.prototype, "run");
    const after = bitsOfTensor(weight);
    for (const each of [step, optimizer, weight]) each.dispose();
    return { before, after, message };
  }

  test("the error says that parameters have to be restored if some were written", async () => {
    const { message } = await replayWithout("adamMoves");
    expect(message).toBe(
      "ThreadError: thread 1 of 2 has ended: test. The step had begun to write parameters and the optimizer's state: restore both from a checkpoint before training resumes.",
    );
  });

  test("nothing has changed if none was", async () => {
    const { before, after, message } = await replayWithout("silu");
    expect(message).toBe("ThreadError: thread 1 of 2 has ended: test.");
    expect(after).toBe(before);
  });
});

test("kernels that were built from other sources are refused: build them again", () => {
  const code = { module: {}, memory: {}, exports: {} };
  expect(() => new Threads({ wasm: {} } as never, code as never)).toThrow(
    /its WebAssembly, as it was built, has no function \w+, .* Build the kernels again/,
  );
});

test("the ops above shared the work of every function that threads can share", () => {
  const parts: Readonly<Record<string, string>> = {
    matMul: "matMulPart",
    transposedMatMul: "transposedMatMulPart",
    layerNormGradient: "layerNormInput",
  };
  expect(splits.map(({ name }) => name).filter((name) => !shared.has(parts[name] ?? name))).toEqual([]);
});

/** What comes out, then the gradient at each input of a sum in which each number counts differently. */
function bitsOf(shapes: readonly number[][], run: Row["run"]): readonly string[] {
  const { numbers } = draws(2);
  const inputs = shapes.map((shape) => tensor(numbers(shape.reduce((product, n) => product * n, 1)), shape));
  const y = run(...inputs);
  const weights = tensor(numbers(y.size), y.shape);
  const gradients = inputs.map((input, i) =>
    gradient((x: Tensor) => sum(mul(run(...inputs.with(i, x)), weights)))(input),
  );
  return [y, ...gradients].map(bitsOfTensor);
}

/** A short digest: a test that fails shows it. */
const bitsOfTensor = (x: Tensor): string =>
  createHash("sha256").update(new Uint8Array(x.dataSync().buffer)).digest("hex").slice(0, 16);
