import { engine, type Tensor, type TensorContainer, tensor_util } from "@tensorflow/tfjs-core";
import { type Optimizer, setState } from "../optim/optimizer.ts";
import type { ByPath } from "../module/freeze.ts";
import { Home, release } from "./homes.ts";
import type { DataId, Location, Recorded, Recorder } from "./recorder.ts";
import type { StepRecording } from "./step-recording.ts";
import { type Rehearsal, rehearsed } from "./rehearsal.ts";

/** A tensor of the state of an optimizer. */
interface Leaf {
  readonly before: DataId;
  readonly after: Location | null;
  home: Home | null;
  tensor: Tensor | null;
}

/**
 * The update of one optimizer in a recorded step. Its host numbers, such as the learning rate and the count of steps, are computed in each replay by the
 * optimizer's own code, which is run without computing any tensor: see {@link rehearsed}.
 */
export class OptimizerPhase {
  readonly optimizer: Optimizer;
  readonly #rehearsal: Rehearsal;
  readonly #leaves: readonly Leaf[];
  #recorded: Recorded | null = null;
  #committed: unknown = null;
  #next: unknown = null;

  constructor(optimizer: Optimizer, rehearsal: Rehearsal, leaves: readonly Leaf[]) {
    this.optimizer = optimizer;
    this.#rehearsal = rehearsal;
    this.#leaves = leaves;
  }

  /** Makes the homes of the state, once the step is recorded. */
  settleDown(recorder: Recorder, recorded: Recorded): void {
    this.#recorded = recorded;
    const own = tensorsOf(this.optimizer.state);
    for (const [i, leaf] of this.#leaves.entries()) {
      if (leaf.after === null && !recorded.used.has(leaf.before)) continue;
      leaf.home = Home.of(recorder, recorded, leaf.before, own[i] as Tensor);
      recorded.release(leaf.before);
      if (leaf.after !== null) recorded.copyAtEnd(leaf.after, leaf.home.location);
    }
  }

  /**
   * Computes the host numbers of the next step.
   *
   * @returns whether they fit what was recorded; otherwise nothing has changed
   */
  rehearse(): boolean {
    this.#moveIn();
    const { transform, parameters, state } = this.optimizer;
    const tensors = this.#leaves.map(({ tensor }) => tensor);
    const next = this.#rehearsal.run(tensors, (gradients) => transform.update(gradients, state, parameters));
    if (next === null) return false;
    this.#next = next[1];
    return true;
  }

  /** The step has run: its state is that of the optimizer. */
  commit(): void {
    setState(this.optimizer, this.#next);
    this.#committed = this.#next;
  }

  dispose(): void {
    for (const { home } of this.#leaves) home?.dispose();
  }

  /** Brings the state of the optimizer to where the recorded step finds it. */
  #moveIn(): void {
    const { state } = this.optimizer;
    if (state === this.#committed && this.#leaves.every(isAlone)) return;
    const replaced = new Map<Tensor, Tensor>();
    for (const [i, tensor] of tensorsOf(state).entries()) {
      const leaf = this.#leaves[i] as Leaf;
      const { home } = leaf;
      leaf.tensor = tensor;
      if (home === null) continue;
      if (tensor.dataId !== home.dataId) {
        if (!home.isHeldBy(0)) home.clear();
        (this.#recorded as Recorded).load(tensor.dataId, home.location);
      } else if (leaf.after === null || home.isHeldBy(1)) continue;
      else home.clear();
      leaf.tensor = home.tensor();
      replaced.set(tensor, leaf.tensor);
    }
    if (replaced.size === 0) return;
    this.optimizer.restore(withTensors(state, replaced));
  }
}

/** Runs and records `update`, which turns the state of `optimizer` into the next. */
export function recordPhase<Result extends readonly [unknown, unknown]>(
  recording: StepRecording,
  optimizer: Optimizer,
  gradients: ByPath<Tensor>,
  update: () => Result,
): Result {
  const { calls } = recording;
  const { backend } = engine();
  if (recording.phases.some((phase) => phase.optimizer === optimizer))
    calls.refuse("an optimizer steps twice");
  const before = tensorsOf(optimizer.state);
  const held = before.map(({ dataId }) => dataId);
  const { registeredVariables } = engine().state;
  const others = new Set([...recording.held, ...Object.values(registeredVariables).map((x) => x.dataId)]);
  if (new Set(held).size < held.length || held.some((dataId) => others.has(dataId)))
    calls.refuse("the state of the optimizer shares memory");
  for (const dataId of held) backend.incRef(dataId); // the step frees the previous state
  const { result, rehearsal } = rehearsed(calls, gradients, update);
  const after = tensorsOf(result[1]);
  const isKept = before.length === after.length && after.every((x, i) => fits(x, before[i]));
  if (!isKept) calls.refuse("the state of the optimizer changes its form");
  const leaves = after.map((tensor, i): Leaf => {
    const isMoved = tensor !== before[i];
    if (isMoved && isKept && !rehearsal.assignLeaf(tensor, i))
      calls.refuse("the state of the optimizer moves a tensor");
    const [dataId, after] = [held[i] as DataId, isMoved ? calls.locateNext(tensor.dataId) : null];
    return { before: dataId, after, home: null, tensor: null };
  });
  recording.phases.push(new OptimizerPhase(optimizer, rehearsal, leaves));
  recording.held.push(...held);
  return result;
}

/** Whether the step alone has the memory that it writes. */
const isAlone = ({ home, after }: Leaf): boolean => home === null || after === null || home.isHeldBy(1);

const fits = (a: Tensor, b: Tensor | undefined): boolean =>
  b !== undefined && a.dtype === b.dtype && a.shape.join() === b.shape.join();

function tensorsOf(state: unknown): Tensor[] {
  return tensor_util.getTensorsInContainer(state as TensorContainer);
}

/** A state with other tensors. */
function withTensors(part: unknown, replaced: ReadonlyMap<Tensor, Tensor>): unknown {
  const found = replaced.get(part as Tensor);
  if (found !== undefined) return found;
  if (Array.isArray(part)) return part.map((field) => withTensors(field, replaced));
  if (typeof part !== "object" || part === null || Object.getPrototypeOf(part) !== Object.prototype)
    return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, field]) => [name, withTensors(field, replaced)]),
  );
}

/** Gives back what {@link OptimizerPhase.record} held. */
export function releaseHeld(held: readonly DataId[]): void {
  for (const dataId of held) release(dataId, engine().backend);
}
