import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { valueAt } from "../schedule/schedule.ts";
import { AddWeightDecay } from "./add-weight-decay.ts";
import { DecayWeights } from "./decay-weights.ts";
import { FusibleScale } from "./fusible-scale.ts";
import { type LearningRateState, ScaleByLearningRate } from "./scale-by-learning-rate.ts";
import type { Transform } from "./transform.ts";

/** Some neighboring transforms of a chain as one: takes their states, and gives them back. */
export interface Part {
  readonly length: number;
  update(
    gradients: ByPath<Tensor>,
    states: readonly unknown[],
    parameters: ByPath<Tensor>,
  ): readonly [updates: ByPath<Tensor>, states: readonly unknown[]];
}

/**
 * The parts of a chain. `[addWeightDecay], scaleBy…, scaleByLearningRate, [decoupled decay]` is one part where the scale
 * can be fused; every other transform is its own.
 */
export function fuse(transforms: readonly Transform<unknown>[]): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < transforms.length;) {
    const part = fusedPart(transforms.slice(at)) ?? singlePart(transforms[at]);
    parts.push(part);
    at += part.length;
  }
  return parts;
}

function singlePart(transform: Transform<unknown> | undefined): Part {
  return {
    length: 1,
    update(gradients, [state], parameters) {
      if (transform === undefined) return [gradients, []];
      const [updates, next] = transform.update(gradients, state, parameters);
      return [updates, [next]];
    },
  };
}

function fusedPart(transforms: readonly Transform<unknown>[]): Part | null {
  const [first] = transforms;
  const penalty = first instanceof AddWeightDecay ? first : null;
  const [scale, rate, last] = penalty === null ? transforms : transforms.slice(1);
  if (!(scale instanceof FusibleScale && rate instanceof ScaleByLearningRate)) return null;
  const decay = last instanceof DecayWeights && last.learningRate === rate.learningRate ? last : null;
  const fused: Transform<unknown> = scale.with(({ path, step }) => ({
    rate: valueAt(rate.learningRate, step),
    penalty: penalty?.at(path) ?? 0,
    decay: decay?.at(path) ?? 0,
  }));
  return {
    length: (penalty === null ? 2 : 3) + (decay === null ? 0 : 1),
    update(gradients, states, parameters) {
      const before = penalty === null ? [] : states.slice(0, 1);
      const [state, ...after] = states.slice(before.length);
      const [updates, next] = fused.update(gradients, state, parameters);
      return [updates, [...before, next, ...after.map(advanced)]];
    },
  };
}

function advanced(state: unknown): LearningRateState {
  return { step: (state as LearningRateState).step + 1 };
}
