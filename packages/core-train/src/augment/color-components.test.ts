import { colorComponents, type Image, Rng, ShapeError } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("finds the directions in which colors differ, and how much", () => {
  const [wide, middle, thin] = [
    [2 / 3, 2 / 3, 1 / 3],
    [-2 / 3, 1 / 3, 2 / 3],
    [1 / 3, -2 / 3, 2 / 3],
  ] as const;
  const rng = new Rng(0);
  const image = (): Image => {
    const data = new Float32Array(300 * 3);
    for (let i = 0; i < data.length; i += 3) {
      const [a = 0, b = 0, c = 0] = rng.randn([3]).data;
      for (let j = 0; j < 3; j++) {
        data[i + j] =
          100 + 3 * a * (wide[j] as number) + 2 * b * (middle[j] as number) + c * (thin[j] as number);
      }
    }
    return { data, shape: [10, 30, 3] };
  };
  const { values, vectors } = colorComponents(Array.from({ length: 20 }, image));
  expect(values).toBeAllclose([9, 4, 1], { rtol: 0.05 });
  expect(vectors[0]).toBeAllclose(wide, { atol: 0.02 });
  expect(vectors[1].map(Math.abs)).toBeAllclose(middle.map(Math.abs), { atol: 0.02 });
  expect(vectors[2].map(Math.abs)).toBeAllclose(thin.map(Math.abs), { atol: 0.02 });
});

test("agrees with a covariance done by hand", () => {
  // red = green: each of variance 1/4 and covariance 1/4; blue of variance 1/8
  const data = Float32Array.of(0, 0, 0.5, 1, 1, 0.5, 0, 0, 0, 1, 1, 1);
  const { values, vectors } = colorComponents([{ data, shape: [2, 2, 3] }]);
  expect(values[0] + values[1] + values[2]).toBeCloseTo(0.25 + 0.25 + 0.125, 6);
  expect(values[2]).toBeCloseTo(0, 6);
  expect(vectors[2].map(Math.abs)).toBeAllclose([Math.SQRT1_2, Math.SQRT1_2, 0]);
});

test("errors say what came", () => {
  expect(() => colorComponents([])).toThrow(
    new ShapeError("colorComponents: there are no pixels, expected some images."),
  );
  expect(() => colorComponents([{ data: new Float32Array(1), shape: [1, 1, 1] }])).toThrow(
    new ShapeError("colorComponents: image is [1, 1, 1], expected [height, width, 3]."),
  );
});
