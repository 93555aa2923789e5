// Every sequence model gives the same at once, a time step at a time, in parts of any lengths, and as a product of matrices: for random
// sizes, weights and cuts. Outputs are about 1 or below, so 1e-5 is a few dozen roundings.
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { tensor, tidy } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import { apart } from "./apart.ts";
import { kindOf, layers, readers, readsTokens, seq2seq, vocabSize } from "./models-in-parts.ts";

/** A seed, the size of a batch, and the lengths of its parts. */
const cases = fc.record({
  seed: fc.nat(1e6),
  batch: fc.integer({ min: 1, max: 3 }),
  cuts: fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    .filter((cuts) => sum(cuts) <= 16),
});
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const runs = { numRuns: 12, seed: 0 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each(Object.entries({ ...readers, ...seq2seq, ...layers }))(
    "%s gives the same at once, in parts, and a time step at a time",
    (name, make) => {
      fc.assert(
        fc.property(cases, ({ seed, batch, cuts }) =>
          tidy(() => {
            const rng = new Rng(seed);
            const time = sum(cuts);
            const model = make(rng);
            const drawn = readsTokens(name)
              ? rng.randint(0, vocabSize, [batch, time])
              : rng.randn([batch, time, 4]);
            const x = tensor(Array.from(drawn.data, Number), [...drawn.shape], kindOf(name));
            const whole = model.whole(x);
            const single = new Array<number>(time).fill(1);
            return apart(model.parts(x, cuts), whole) <= 1e-5 && apart(model.parts(x, single), whole) <= 1e-5;
          }),
        ),
        runs,
      );
    },
  );
});
