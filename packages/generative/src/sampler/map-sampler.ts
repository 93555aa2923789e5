import { checkArguments } from "@pellucid/core-train";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { SampleEvent, SampleOptions, Sampler } from "./sampler.ts";

/**
 * A sampler whose samples, previews and estimates go through a function: a decoder of latents, a color space, a scale.
 *
 * @param change borrows a tensor and returns another one, the sampler's
 * @throws {StructError} For what is not a sampler, or not a function.
 */
export function mapSampler(sampler: Sampler, change: (x: Tensor) => Tensor): Sampler {
  checkArguments("mapSampler", { "{ steps, sample }": { sampler }, function: { change } });
  return { steps: sampler.steps, sample: (options) => mapped(sampler, change, options) };
}

async function* mapped(
  sampler: Sampler,
  change: (x: Tensor) => Tensor,
  options: SampleOptions,
): AsyncGenerator<SampleEvent, void, undefined> {
  for await (const event of sampler.sample(options)) {
    const x = tidy(() => change(event.x));
    const x0 = event.x0 === null ? null : tidy(() => change(event.x0 as Tensor));
    try {
      yield { ...event, x, x0 };
    } finally {
      x.dispose();
      x0?.dispose();
    }
  }
}
