import {
  compile,
  type Compiled,
  type CompileReport,
  type Module,
  type Optimizer,
  type Rng,
} from "@pellucid/core-train";
import { dispose, Tensor, tensor_util, type TensorContainer } from "@tensorflow/tfjs-core";

/** Something that learns, step by step. */
export interface Learner<Inputs extends readonly Tensor[]> {
  readonly model: Module;
  readonly optimizers: readonly Optimizer[];
  readonly rng: Rng;
  readonly step: (...inputs: Inputs) => Promise<number>;
}

/** What two that learn the same have in the end, and how the compiled one did. */
export interface Comparison {
  readonly eager: readonly string[];
  readonly compiled: readonly string[];
  readonly report: CompileReport;
}

/** What else is done before each step, with both. */
export type Between<Inputs extends readonly Tensor[]> = (learner: Learner<Inputs>, step: number) => void;

/**
 * Trains two learners from the same beginning, one op by op and one compiled.
 *
 * @returns the bits of each loss, of parameters, buffers and the optimizers' states, and the state of the generator
 */
export async function trainTwins<Inputs extends readonly Tensor[]>(
  make: () => Learner<Inputs>,
  batch: (step: number) => Inputs,
  steps: number,
  between: Between<Inputs> = () => {},
): Promise<Comparison> {
  const [one, other] = [make(), make()];
  const step = compile(other.step, { warn: false });
  await step.ready;
  const [eager, compiled]: [string[], string[]] = [[], []];
  for (let i = 0; i < steps; i++) {
    const inputs = batch(i);
    between(one, i);
    eager.push(bitsOf(await one.step(...inputs)));
    between(other, i);
    compiled.push(bitsOf(await step(...inputs)));
    dispose([...inputs]);
  }
  eager.push(...stateOf(one));
  compiled.push(...stateOf(other));
  const report = step.report();
  end(step, one, other);
  return { eager, compiled, report };
}

function end(step: Compiled<never, unknown>, ...learners: readonly Learner<never>[]): void {
  step.dispose();
  for (const { model, optimizers } of learners) {
    for (const optimizer of optimizers) optimizer.dispose();
    model.dispose();
  }
}

function stateOf({ model, optimizers, rng }: Learner<never>): string[] {
  const own = [...model.slots()].map(({ path, tensor }) => `${path} ${bytesOf(tensor)}`);
  const of = optimizers.flatMap(({ state }) => [
    ...tensor_util.getTensorsInContainer(state as TensorContainer).map(bytesOf),
    JSON.stringify(state, (_, value: unknown) => (value instanceof Tensor ? value.shape : value)),
  ]);
  return [...own, ...of, JSON.stringify(rng.state())];
}

const bitsOf = (number: number): string => bytesOfArray(Float32Array.of(number));

const bytesOf = (tensor: Tensor): string => bytesOfArray(tensor.dataSync());

const bytesOfArray = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("base64");
