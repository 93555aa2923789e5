import {
  checkArguments,
  checkOptions,
  checkRecord,
  checkRng,
  checkShape,
  checkSizeArray,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { clone, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { randomTensor } from "./random-tensor.ts";
import type { SampleEvent, SampleOptions, Sampler } from "./sampler.ts";

/** What one step of a sampler gets. */
export interface SamplerStep<State> {
  /** The step, from 0. */
  readonly step: number;
  readonly x: Tensor;
  readonly rng: Rng;
  /** What the previous step kept; `null` at the first. */
  readonly state: State | null;
}

/** What one step of a sampler returns. */
export interface SamplerResult<State> {
  readonly x: Tensor;
  /** Default: none. */
  readonly x0?: Tensor | null;
  /** What the next step needs besides `x` and `x0`, without tensors of its own. Default: none. */
  readonly state?: State;
}

/** What a sampler is made of. */
export interface SamplerParts<State = undefined> {
  /** Names the sampler in errors. */
  readonly caller: string;
  /** Where the samples are before each step and after the last: `steps + 1` numbers. */
  readonly times: readonly number[];
  /** What sampling starts from. Default: standard normal noise. */
  readonly start?: (shape: readonly number[], rng: Rng) => Tensor;
  /** One step, run in a `tidy`. `x0` of the previous step is passed on. */
  readonly step: (step: SamplerStep<State> & { readonly x0: Tensor | null }) => SamplerResult<State>;
}

/**
 * Makes a {@link Sampler} of a step: start noise, events, cancellation and memory are done here, once for all models.
 *
 * ```ts
 * const flowSampler = createSampler({ caller: "RealNvp", times: [0, 1], step: ({ x }) => ({ x: flow.inverse(x) }) });
 * ```
 *
 * @throws {StructError} For parts of another kind.
 * @throws {OptionError} From `sample`, for an unknown option, a missing `rng` or a shape that is none.
 */
export function createSampler<State = undefined>(parts: SamplerParts<State>): Sampler {
  checkRecord("createSampler", "parts", parts, ["caller", "times", "step"]);
  const { caller, times, step, start } = parts;
  checkArguments(caller, { numbers: { times }, function: { step }, "function?": { start } });
  const steps = times.length - 1;
  if (steps < 1) throw new OptionError(caller, "times", `[${times.join(", ")}]`, "two or more numbers");
  return {
    steps,
    sample: (options) => {
      checkRng(caller, options);
      checkOptions(caller, options, ["shape", "rng", "start", "signal"]);
      checkSizeArray(caller, "shape", options.shape);
      if (options.start !== undefined) checkShape(caller, "start", options.start, [...options.shape]);
      return run(parts, steps, options);
    },
  };
}

async function* run<State>(
  { times, start: begin = randomTensor, step: take }: SamplerParts<State>,
  steps: number,
  { shape, rng, start, signal }: SampleOptions,
): AsyncGenerator<SampleEvent, void, undefined> {
  signal?.throwIfAborted();
  let x = start === undefined ? tidy(() => begin(shape, rng)) : clone(start);
  keep(x);
  let x0: Tensor | null = null;
  let state: State | null = null;
  try {
    yield { step: 0, steps, time: times[0] ?? NaN, x, x0 };
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const next: { x: Tensor; x0: Tensor | null; state: State | null }[] = [];
      tidy(() => {
        const result = take({ step, x, x0, rng, state });
        const estimate = result.x0 ?? null;
        next.push({
          x: keep(clone(result.x)),
          x0: estimate && keep(clone(estimate)),
          state: result.state ?? null,
        });
      });
      x.dispose();
      x0?.dispose();
      [{ x, x0, state }] = next as [(typeof next)[number]];
      yield { step: step + 1, steps, time: times[step + 1] ?? NaN, x, x0 };
      await yieldToEventLoop();
    }
  } finally {
    x.dispose();
    x0?.dispose();
  }
}
