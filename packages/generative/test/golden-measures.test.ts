// Values from outside for the measures, for Gram matrices, and for what a pixel may see.
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import {
  bitsPerDimension,
  convolutionMask,
  frechetDistance,
  inceptionScore,
  kernelDistance,
  MaskedConv2d,
  precisionRecall,
} from "@pellucid/generative";
import { gramMatrix } from "@pellucid/interpret";
import { fixture } from "@pellucid/testing";
import { div, ones, tensor4d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Case {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has fields of its own
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly right: any;
  readonly tolerance: number;
}
const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/measures.json");

beforeAll(() => useBackend({ only: "cpu" }));

const kinds: Record<string, (input: Case["input"], right: Case["right"]) => unknown> = {
  fid: async ({ features_a: a, features_b: b }) => (await frechetDistance(a, b)).distance,
  kid: async ({ features_a: a, features_b: b }) => (await kernelDistance(a, b)).distance,
  "inception-score": ({ probabilities, splits }) => inceptionScore(probabilities, { splits }),
  "precision-recall-knn": ({ real, generated, k }) => precisionRecall(real, generated, k),
  "bits-per-dim": ({ dimensions, bins, nll_nats_of_x_scaled_to_unit_interval_with_uniform_noise: nats }) => ({
    bits_per_dim: bitsPerDimension(nats, { dimensions, bins }),
    uniform_density_on_unit_cube: bitsPerDimension(0, { dimensions, bins }),
  }),
  "pixelcnn-mask": ({ kernel, channels_in: from, channels_out: to, groups }, right) => {
    const center = (kind: "A" | "B") => {
      const mask = convolutionMask(from, to, kernel, kind, groups);
      const at = ((kernel ** 2 - 1) / 2) * from * to;
      return Array.from({ length: to }, (_, o) =>
        Array.from({ length: from }, (_, i) => mask[at + i * to + o]),
      );
    };
    const mask = convolutionMask(from, to, kernel, "A", groups);
    const last = Array.from({ length: kernel }, (_, row) =>
      Array.from({ length: kernel }, (_, column) =>
        Math.min(...mask.slice((row * kernel + column) * from * to, (row * kernel + column + 1) * from * to)),
      ),
    );
    return {
      A_centre_out_by_in: center("A"),
      B_centre_out_by_in: center("B"),
      rows_above_all_1_and_left_of_centre_1: last,
      seen_by_pixel_4_3_after_A_B_B_of_3x3_7x7:
        right.seen_by_pixel_4_3_after_A_B_B_of_3x3_7x7 && seen(4, 3, 7),
    };
  },
  gram: ({ features_nchw: features }) => {
    const x = transpose(tensor4d(features), [0, 2, 3, 1]) as Tensor4D;
    const [read] = [(g: ReturnType<typeof gramMatrix>) => g.arraySync()[0]];
    return {
      plain: read(gramMatrix(x, "none")),
      divided_by_c_h_w: read(gramMatrix(x)),
      divided_by_n_c_h_w: read(div(gramMatrix(x), x.shape[0])),
    };
  },
};

/** Which pixels change the output at a pixel, after three masked convolutions of one color. */
function seen(row: number, column: number, size: number): number[][] {
  const stack = (["A", "B", "B"] as const).map((mask) => {
    const conv = new MaskedConv2d(1, 1, 3, { rng: new Rng(0), mask, bias: false });
    conv.weight.assign(ones(conv.weight.shape));
    return conv;
  });
  const outputAt = (values: Float32Array): number => {
    const x = tensor4d(values, [1, size, size, 1]);
    const y = stack.reduce((h, conv) => conv.forward(h), x);
    return y.dataSync()[row * size + column] as number;
  };
  const before = outputAt(new Float32Array(size * size));
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const values = new Float32Array(size * size);
      values[i * size + j] = 1;
      return outputAt(values) === before ? 0 : 1;
    }),
  );
}

function expectClose(found: unknown, right: unknown, tolerance: number, path: string): void {
  if (typeof right === "number") {
    const bound = tolerance * (1 + Math.abs(right)) + 5e-9 * Math.abs(right); // the values have nine digits
    expect(
      Math.abs((found as number) - right),
      `${path}: ${found as number}, expected ${right}`,
    ).toBeLessThanOrEqual(bound);
  } else
    for (const [name, value] of Object.entries(right as object))
      expectClose((found as Record<string, unknown>)[name], value, tolerance, `${path}.${name}`);
}

test.each(cases.map((given) => [given.id, given] as const))(
  "%s",
  async (_, { kind, input, right, tolerance, id }) => {
    const found = await kinds[kind]?.(input, right);
    expectClose(found, right, kind === "gram" ? 2e-7 : tolerance, id); // Gram matrices are in 32 bits
  },
);

test("every kind has cases", () => {
  expect(Object.keys(kinds).toSorted()).toEqual([...new Set(cases.map(({ kind }) => kind))].toSorted());
});
