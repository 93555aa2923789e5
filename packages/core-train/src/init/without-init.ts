import { checkFunction } from "../check-callable.ts";
let depth = 0;

/**
 * Builds a model that is about to be filled from a file: its parameters are zeros, and its generator is where it was.
 *
 * ```ts
 * const model = withoutInit(() => new Gpt({ rng }));
 * loadWeights(model, bytes);
 * ```
 *
 * Whatever the file does not hold stays 0. Buffers start as usual. A module of your own takes part when it makes its
 * parameters by {@link initialized}. PyTorch: `torch.nn.utils.skip_init`, but for whole models.
 *
 * @param build synchronous; it may throw, and scopes may be nested
 * @throws TypeError If `build` is asynchronous.
 */
export function withoutInit<T>(build: () => T): T {
  checkFunction("withoutInit", "build", build);
  depth++;
  try {
    const built = build();
    if (built instanceof Promise) {
      built.catch(() => {}); // the error below is the one to be seen
      throw new TypeError(
        "withoutInit(build): build is asynchronous, expected a function that returns the model.",
      );
    }
    return built;
  } finally {
    depth--;
  }
}

/** Whether a {@link withoutInit} scope is open. */
export function isWithoutInit(): boolean {
  return depth > 0;
}
