import { engine, type KernelFunc, type NamedAttrMap, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { discardUpdates, training } from "../module/training.ts";
import { referenceOf } from "../op/define-op.ts";
import { Rng } from "../rng/rng.ts";
import type { ModelInput } from "./model-inputs.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { Recorder } from "./recorder.ts";
import { type Tracer, tracing } from "./tracer.ts";
import { TraceError } from "./trace-error.ts";

/** What is to be recorded. */
export interface Recording {
  readonly model: Module & { forward(...inputs: never[]): unknown };
  readonly args: readonly unknown[];
  /** The inputs by name; other tensors in `args` are constants. */
  readonly inputs: readonly ModelInput[];
  readonly training: boolean;
  /** Whether constants are not read, and the model may read what it computed. */
  readonly once: boolean;
  /** Whether an op is noted as it is. What is not is taken apart into the ops that it is composed of, where there is such a form. */
  readonly known: (op: string) => boolean;
}

type Run = (parameters: {
  kernelName?: string;
  inputs: Record<string, Tensor>;
  attrs?: NamedAttrMap;
}) => Tensor | Tensor[];

/** Runs a model once and records its ops and modules. Nothing is left of it, and the model is as before. */
export function recordRun({
  model,
  args,
  inputs,
  training: inTraining,
  once,
  known,
}: Recording): RecordedRun {
  if (tracing.tracer !== null) throw new TraceError("trace: a trace cannot run within another one.");
  const recorder = new Recorder(model, once);
  for (const { name, tensor } of inputs) recorder.input(name, tensor);
  const tfjs = engine() as unknown as {
    runKernelFunc: Run;
    readSync: (data: object) => unknown;
    read: (data: object) => unknown;
  };
  let inside = 0;
  const unnoted = <Y>(run: () => Y): Y => {
    inside++;
    try {
      return run();
    } finally {
      inside--;
    }
  };
  const runKernel = tfjs.runKernelFunc.bind(tfjs);
  const [readSync, read] = [tfjs.readSync.bind(tfjs), tfjs.read.bind(tfjs)];
  const runAndNote: Run = (parameters) => {
    const { kernelName: op, inputs: tensors, attrs = {} } = parameters;
    if (inside > 0 || op === undefined) return runKernel(parameters);
    const reference = known(op) ? undefined : referenceOf(op);
    if (reference !== undefined) return composed(reference, tensors, attrs);
    const note = recorder.op(op, tensors, attrs);
    const output = unnoted(() => runKernel(parameters));
    note([output].flat());
    return output;
  };
  const tracer: Tracer = {
    call: (module, given, run) => (inside > 0 ? run() : recorder.call(module, given, run)),
    asOne(name, tensors, attributes, run) {
      if (inside > 0 || !known(name)) return run();
      const note = recorder.op(name, tensors, attributes);
      const output = unnoted(run);
      note([output]);
      return output;
    },
  };
  const restore = stateOfRandomness(model);
  Object.assign(tfjs, {
    runKernelFunc: runAndNote,
    readSync(data: object) {
      if (inside === 0) recorder.checkRead(data);
      return readSync(data);
    },
    read(data: object) {
      if (inside === 0) recorder.checkRead(data);
      return read(data);
    },
  });
  tracing.tracer = tracer;
  const unwrap = once ? hearOwnForwards(model, tracer) : () => {};
  try {
    tidy(() => {
      const forward = () => {
        recorder.call(model, args, () => model.forward(...(args as never[])));
      };
      if (inTraining) discardUpdates(() => training(model, forward));
      else forward();
    });
    return recorder.finish();
  } finally {
    tracing.tracer = null;
    unwrap();
    for (const name of ["runKernelFunc", "readSync", "read"]) Reflect.deleteProperty(tfjs, name);
    restore();
  }
}

/** Runs an op as it is composed; the ops in it are noted. */
function composed(
  reference: KernelFunc,
  inputs: Record<string, Tensor>,
  attrs: NamedAttrMap,
): Tensor | Tensor[] {
  return reference({ inputs, attrs, backend: engine().backend }) as Tensor | Tensor[];
}

/** Makes the tracer hear of modules whose `forward` is a field of their own, not a method of their class; the result undoes it. */
function hearOwnForwards(model: Module, tracer: Tracer): () => void {
  const own = [...model.namedModules()].flatMap(([, module]) => {
    const field = Object.getOwnPropertyDescriptor(module, "forward");
    return typeof field?.value === "function" && field.configurable === true ? [{ module, field }] : [];
  });
  for (const { module, field } of own) {
    const forward = field.value as (...inputs: unknown[]) => unknown;
    const value = (...inputs: unknown[]) => tracer.call(module, inputs, () => forward.apply(module, inputs));
    Object.defineProperty(module, "forward", { ...field, value });
  }
  return () => {
    for (const { module, field } of own) Object.defineProperty(module, "forward", field);
  };
}

/** Notes the state of every random generator in the model; the result brings them back there. */
function stateOfRandomness(model: Module): () => void {
  const found = new Set<Rng>();
  for (const [, module] of model.namedModules())
    for (const field of Object.values(module)) if (field instanceof Rng) found.add(field);
  const states = [...found].map((rng) => [rng, rng.state()] as const);
  return () => {
    for (const [rng, state] of states) rng.restore(state);
  };
}
