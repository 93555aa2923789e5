import { engine, type KernelBackend, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Rng } from "../rng/rng.ts";
import { leaves } from "../struct/leaves.ts";
import { hasForm, mapForm } from "./form.ts";
import { Home, release } from "./homes.ts";
import { ModuleGuard } from "./module-guard.ts";
import { type OptimizerPhase, recordPhase, releaseHeld } from "./optimizer-phase.ts";
import type { DataId, Location, Recorded, Recorder } from "./recorder.ts";
import type { Surroundings } from "./verify.ts";
import { noteNumber, whileRecording } from "./recording-now.ts";
import { StepRecording } from "./step-recording.ts";

/** A parameter or buffer that a step reads or writes. */
interface Resident {
  readonly variable: Variable;
  readonly home: Home;
  readonly isWritten: boolean;
}

/** What a step gives: made of the results of a replay. */
type MakeResult = () => unknown;

/** What came of recording a step: its result, and a plan or why there is none. */
export interface Attempt<Result> {
  readonly result: Result;
  readonly plan: Plan | null;
  readonly reason: string | null;
}

/** A recorded step: its calls, what has to be as it was, and where its inputs, states and outputs are. */
export class Plan {
  readonly #backend: KernelBackend;
  readonly #recorded: Recorded;
  readonly #form: readonly unknown[];
  readonly #slots: readonly Location[];
  readonly #residents: readonly Resident[];
  readonly #phases: readonly OptimizerPhase[];
  readonly #guard: ModuleGuard;
  readonly #makeResult: MakeResult;
  readonly #rngs: readonly Rng[];

  private constructor(recorded: Recorded, parts: Parts) {
    this.#backend = engine().backend;
    this.#recorded = recorded;
    this.#form = parts.form;
    this.#slots = parts.slots;
    this.#residents = parts.residents;
    this.#phases = parts.phases;
    this.#guard = parts.guard;
    this.#makeResult = parts.makeResult;
    this.#rngs = parts.rngs;
  }

  /** Runs a step once, and records it. */
  static record<Inputs extends readonly unknown[], Result>(
    recorder: Recorder,
    step: (...inputs: Inputs) => Result,
    inputs: Inputs,
  ): Attempt<Result> {
    const own = engine();
    const { backend } = own;
    const values = leaves(inputs).map((leaf) => leaf.dataSync());
    const variables = Object.values(own.state.registeredVariables).filter(
      ({ dataId }) => own.state.tensorInfo.get(dataId)?.backend === backend,
    );
    const count = Object.keys(own.state.registeredVariables).length;
    separate(recorder, variables);
    const before = new Map(variables.map((variable) => [variable, variable.dataId]));
    for (const dataId of before.values()) backend.incRef(dataId); // a step that assigns frees them
    const calls = recorder.begin();
    const recording = new StepRecording(calls, recordPhase);
    const made: Tensor[] = [];
    let recorded: Recorded | null = null;
    let isKept = false;
    try {
      const slots: Location[] = [];
      const form = mapForm([...inputs], (leaf) => {
        if (!(leaf instanceof Tensor)) return leaf;
        const info = calls.slot(leaf.shape, leaf.dtype);
        const tensor = own.keep(own.makeTensorFromTensorInfo(info));
        calls
          .view(info)()
          .set(values[made.length] as Float32Array);
        made.push(tensor);
        slots.push(calls.locate(info.dataId));
        return tensor;
      }) as readonly unknown[];
      const given = whileRecording(recording, () => step(...(form as Inputs)));
      const inputTensors = leaves(inputs);
      const result = mapForm(given, (leaf) => {
        const at = made.indexOf(leaf as Tensor);
        if (at < 0) return leaf;
        calls.refuse("the step gives its input");
        return inputTensors[at];
      }) as Result;
      const makeResult = resultMaker(recording, result, () => recorded as Recorded);
      const written = variables.flatMap((variable) => {
        if (variable.isDisposed) calls.refuse("the step disposes a parameter");
        else if (variable.dataId !== before.get(variable))
          return [[variable, calls.locateNext(variable.dataId)] as const];
        return [];
      });
      if (Object.keys(own.state.registeredVariables).length !== count)
        calls.refuse("the step makes a parameter");
      recorded = calls.end();
      const guard = new ModuleGuard(recording.modules);
      const reason = calls.refusal ?? guard.change();
      if (reason !== null) return { result, plan: null, reason };
      const residents = residentsOf(recorder, recorded, before, new Map(written));
      for (const phase of recording.phases) phase.settleDown(recorder, recorded);
      recorded.settle();
      isKept = true;
      const { phases } = recording;
      const rngs = [...recording.rngs];
      const plan = new Plan(recorded, { form, slots, residents, phases, guard, makeResult, rngs });
      return { result, plan, reason: null };
    } finally {
      recorded ??= calls.end();
      releaseHeld(recording.held);
      for (const dataId of before.values()) release(dataId, backend);
      for (const tensor of made) tensor.dispose();
      if (!isKept) recorded.dispose();
    }
  }

  /** All that the step reads and changes besides its inputs. */
  get surroundings(): Surroundings {
    return {
      variables: this.#residents.map(({ variable }) => variable),
      optimizers: [...new Set(this.#phases.map(({ optimizer }) => optimizer))],
      rngs: this.#rngs,
    };
  }

  get calls(): number {
    return this.#recorded.calls;
  }

  get bytes(): number {
    return this.#recorded.bytes;
  }

  /**
   * Gets everything ready for a replay.
   *
   * @returns why the step cannot be replayed now; `null` if it can
   */
  prepare(inputs: readonly unknown[], tensors: Tensor[]): string | null {
    if (this.#backend !== engine().backend) return "another backend is active";
    if (!hasForm(this.#form, inputs, tensors)) return "the inputs have another form";
    const change = this.#guard.change();
    if (change !== null) return change;
    for (const phase of this.#phases) if (!phase.rehearse()) return "the optimizer goes another way";
    return null;
  }

  /** Runs the step, once it is prepared. */
  replay(tensors: readonly Tensor[]): unknown {
    const recorded = this.#recorded;
    for (const { variable, home, isWritten } of this.#residents) home.settle(variable, recorded, isWritten);
    for (const [i, { dataId }] of tensors.entries()) recorded.load(dataId, this.#slots[i] as Location);
    recorded.run();
    const result = this.#makeResult();
    recorded.finish();
    for (const phase of this.#phases) phase.commit();
    return result;
  }

  dispose(): void {
    for (const { home } of this.#residents) home.dispose();
    for (const phase of this.#phases) phase.dispose();
    this.#recorded.dispose();
  }
}

interface Parts {
  readonly form: readonly unknown[];
  readonly slots: readonly Location[];
  readonly residents: readonly Resident[];
  readonly phases: readonly OptimizerPhase[];
  readonly guard: ModuleGuard;
  readonly makeResult: MakeResult;
  readonly rngs: readonly Rng[];
}

/** Gives variables that share memory, such as a target network after a copy, memory of their own. */
function separate(recorder: Recorder, variables: readonly Variable[]): void {
  const seen = new Set<DataId>();
  for (const variable of variables) {
    if (!seen.has(variable.dataId)) {
      seen.add(variable.dataId);
      continue;
    }
    const { shape, dtype, dataId } = variable;
    const split = recorder.split(dataId);
    variable.assign({ dataId: split, shape, dtype } as Variable);
    release(split, engine().backend);
  }
}

function residentsOf(
  recorder: Recorder,
  recorded: Recorded,
  before: ReadonlyMap<Variable, DataId>,
  written: ReadonlyMap<Variable, Location>,
): Resident[] {
  const residents: Resident[] = [];
  for (const [variable, dataId] of before) {
    const next = written.get(variable);
    if (next === undefined && !recorded.used.has(dataId)) continue;
    const home = Home.of(recorder, recorded, dataId, variable);
    recorded.release(dataId);
    if (next !== undefined) recorded.copyAtEnd(next, home.location);
    residents.push({ variable, home, isWritten: next !== undefined });
  }
  return residents;
}

/** How to make what the step gave again. */
function resultMaker(recording: StepRecording, result: unknown, recorded: () => Recorded): MakeResult {
  const { calls, numbers } = recording;
  const makers: (() => unknown)[] = [];
  try {
    leaves(mapForm(result, (leaf) => (leaf instanceof Tensor ? leaf : null))); // refuses what is not a structure
    mapForm(result, (leaf) => {
      if (leaf instanceof Variable) calls.refuse("the step gives a parameter");
      if (leaf instanceof Promise) {
        const read = numbers.get(leaf as Promise<number>);
        if (read === undefined) calls.refuse("the step is asynchronous");
        else
          makers.push(() => {
            const value = read();
            const promise = Promise.resolve(value);
            noteNumber(promise, value);
            return promise;
          });
        return leaf;
      }
      const [location, { shape, dtype }] = [calls.locate(leaf.dataId), leaf];
      makers.push(() => engine().makeTensorFromTensorInfo(recorded().store(location, shape, dtype)));
      return leaf;
    });
  } catch (error) {
    calls.refuse((error as Error).message);
  }
  return () => {
    let next = 0;
    return mapForm(result, () => (makers[next++] as () => unknown)());
  };
}
