import { checkArguments } from "@pellucid/core-train";
import { clone, type Tensor } from "@tensorflow/tfjs-core";
import type { SampleEvent, SampleOptions, Sampler } from "./sampler.ts";

/**
 * The result of a {@link Sampler}, where the steps do not matter, or are only watched.
 *
 * @param onStep called with each event
 * @returns `[batch, ...]`, the caller's
 * @throws {StructError} For what is not a sampler, or a callback that is not a function.
 */
export async function drawSamples(
  sampler: Sampler,
  options: SampleOptions,
  onStep: (event: SampleEvent) => void | Promise<void> = () => {},
): Promise<Tensor> {
  checkArguments("drawSamples", { "{ steps, sample }": { sampler }, function: { onStep } });
  let result: Tensor | null = null;
  for await (const event of sampler.sample(options)) {
    await onStep(event);
    if (event.step === event.steps) result = clone(event.x);
  }
  return result as Tensor;
}
