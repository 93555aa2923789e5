import {
  stateBuffer,
  type HostTensor,
  type Layer,
  loadWeights,
  type Module,
  parameter,
  type Parameter,
  Rng,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import { dispose, keep, mul, sum, type Tensor, tidy, type Variable, zerosLike } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { expectTorch, sines, type TorchResult } from "./check-against-torch.ts";

/** A layer that a test makes, whatever it takes. */
export type TestedLayer = Module & Layer<never, Tensor>;

/** One layer at work, as `fixtures/torch/layer_case.py` writes it. */
export interface TorchLayerCase {
  readonly title: string;
  readonly training: boolean;
  /** Whether parameters and buffers are set to other numbers than the first: see {@link filledState}. */
  readonly filled: boolean;
  /** How often it runs; the output is that of the last time. */
  readonly steps: number;
  /** Whether the output is rather that of a run in inference afterwards. */
  readonly thenInference: boolean;
  /** Sines of a phase, or given integers. */
  readonly inputs: readonly {
    readonly shape: readonly number[];
    readonly phase?: number;
    readonly data?: readonly number[];
  }[];
  /** From seed 0, by PyTorch's names. */
  readonly state: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: number[] }>>;
  readonly output: TorchResult;
  /** Of `Σ output · w`, by input. */
  readonly gradients: readonly TorchResult[];
  /** Of `Σ output · w`, by PyTorch's names. */
  readonly parameterGradients: Readonly<Record<string, TorchResult>>;
  /** After the last step. */
  readonly buffers: Readonly<Record<string, TorchResult>>;
}

/**
 * Expects a layer to start from PyTorch's weights, and its output, its gradients, and its buffers afterwards to be
 * PyTorch's.
 *
 * @param inputOf makes what the layer takes of the case's inputs. Default: the first of them.
 */
export async function checkLayerAgainstTorch(
  c: TorchLayerCase,
  make: (rng: Rng) => TestedLayer,
  inputOf: (tensors: readonly Tensor[]) => unknown = ([x]) => x,
): Promise<void> {
  const layer = make(new Rng(0));
  const inputs = c.inputs.map(inputTensor);
  try {
    const first = await torchStateOf(layer);
    expect(Object.keys(first)).toEqual(Object.keys(c.state));
    for (const [name, { shape, data }] of Object.entries(c.state)) {
      expect(first[name]?.shape, name).toEqual(shape);
      expect(first[name] ?? [], name).toBeAllclose(data, { rtol: 1.2e-7, atol: 0 });
    }
    if (c.filled) loadWeights(layer, filledState(first));
    const forward = () => layer.forward(inputOf(inputs) as never);
    const step = <T>(body: () => T): T => (c.training ? training(layer, body) : body());
    const last = c.thenInference ? <T>(body: () => T): T => body() : step;
    for (let i = c.thenInference ? 0 : 1; i < c.steps; i++) step(() => tidy(forward)).dispose();
    const tracked = Object.fromEntries(
      inputs.filter((x) => x.trainable).map((x, i) => [`input ${i}`, x] as const),
    );
    const { output, gradients } = last(() => weightedGradients({ ...trainable(layer), ...tracked }, forward));
    expectResult("output", output, c.output);
    for (const [i, expected] of c.gradients.entries()) {
      expectResult(`gradient at input ${i}`, gradients[`input ${i}`], expected);
    }
    const after = await torchStateOf(layer);
    for (const [name, expected] of Object.entries(c.buffers)) expectResult(name, after[name], expected);
    // read back as if they were weights, the gradients are in PyTorch's names and layouts
    for (const [path, parameter] of layer.namedParameters()) {
      parameter.assign((gradients[path] ?? zerosLike(parameter)) as Variable);
    }
    const stored = await torchStateOf(layer);
    for (const [name, expected] of Object.entries(c.parameterGradients)) {
      expectResult(`gradient at ${name}`, stored[name], expected);
    }
    dispose([output, ...Object.values(gradients)]);
  } finally {
    layer.dispose();
    dispose(inputs);
  }
}

/** What `layer_case.py` fills a layer with: the k-th entry of the state with `0.75 + 0.5 sin(1.7 i + k)`. */
export function filledState(state: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }], k) => [
      name,
      data instanceof Float32Array
        ? { shape, data: data.map((_, i) => 0.75 + 0.5 * Math.fround(Math.sin(1.7 * i + k))) }
        : { shape, data },
    ]),
  );
}

/** Numbers that are differentiated are parameters, integers are not. */
function inputTensor({ shape, phase, data }: TorchLayerCase["inputs"][number]): Variable {
  if (data !== undefined) return stateBuffer({ data: Int32Array.from(data), shape });
  const x = sines(shape, phase);
  try {
    return parameter({ data: x.dataSync() as Float32Array, shape });
  } finally {
    x.dispose();
  }
}

function weightedGradients(
  parameters: Readonly<Record<string, Parameter>>,
  forward: () => Tensor,
): { readonly output: Tensor; readonly gradients: Readonly<Record<string, Tensor>> } {
  return tidy(() => {
    const outputs: Tensor[] = [];
    const { gradients } = valueAndGradients(parameters, () => {
      const y = forward();
      outputs.push(keep(y));
      return sum(mul(y, sines(y.shape, 0.3)));
    });
    return { output: outputs[0] as Tensor, gradients: { ...gradients } };
  });
}

function expectResult(what: string, found: Tensor | HostTensor | undefined, expected: TorchResult): void {
  expect(found, what).toBeDefined();
  if (found !== undefined) expectTorch(found, expected, what);
}
