import { useBackend } from "@pellucid/backends";
import { binaryCrossEntropy } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

// pytorch.py: every eleventh loss of a hundred epochs, and the percentage of 89 patients that it has right
const pytorch = {
  course: {
    losses: [
      0.7455509, 0.739129, 0.7334205, 0.7283518, 0.7238557, 0.719871, 0.7163424, 0.7132195, 0.7104573,
      0.7080154,
    ],
    right: 55.1,
  },
  adam: {
    losses: [
      0.7455509, 0.6415029, 0.5460736, 0.5092689, 0.4919478, 0.4694013, 0.443782, 0.4179656, 0.3941911,
      0.373204,
    ],
    right: 80.9,
  },
};

beforeAll(() => useBackend({ only: "wasm" }));

test.each(["course", "adam"] as const)(
  "%s: the losses of a hundred epochs are PyTorch's, from its seed",
  async (recipe) => {
    const { losses, accuracy } = await main({ recipe });
    expect(losses.filter((_, epoch) => epoch % 11 === 0)).toBeAllclose(pytorch[recipe].losses, {
      rtol: 1e-4,
      atol: 0,
    });
    // one patient of 89 may be on the other side of one half
    expect(Math.abs(100 * accuracy - pytorch[recipe].right)).toBeLessThan(1.2);
  },
);

test("a target from 25 to 346 is not a probability, and the loss says so", () => {
  const [y, raw] = [tensor2d([[0.5]]), tensor2d([[151]])];
  expect(() => binaryCrossEntropy(y, raw)).toThrow(/151/);
  y.dispose();
  raw.dispose();
});
