import { Rng } from "@pellucid/core-train";
import { pca } from "@pellucid/interpret";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test.for([5, 120])(
  "principal components of %i features of known variance, whatever the mean",
  async (features) => {
    const rng = new Rng(2);
    const noise = rng.randn([400, features]).data;
    const spread = (f: number) => (f === 1 ? 5 : f === 3 ? 3 : 0.5);
    const points = tensor2d(
      noise.map((v, i) => v * spread(i % features) + 10),
      [400, features],
    );
    const { embedding, components, explainedVariance, explainedVarianceRatio } = await pca(points, 2);
    expect(embedding).toHaveShape([400, 2]);
    const [first, second] = [components.dataSync().slice(0, features), components.dataSync().slice(features)];
    expect(first[1]).toBeGreaterThan(0.98);
    expect(second[3]).toBeGreaterThan(0.98);
    expect(explainedVariance[0]).toBeGreaterThan(20);
    expect(explainedVariance[0]).toBeLessThan(30);
    expect(explainedVarianceRatio.reduce((a, b) => a + b, 0)).toBeLessThan(1);
    const along = Float32Array.from(embedding.dataSync()).filter((_, i) => i % 2 === 0);
    const variance = along.reduce((a, v) => a + v * v, 0) / 399;
    expect(variance).toBeCloseTo(explainedVariance[0] as number, 2);
  },
);

test("fewer examples than features give the directions that copies of them give", async () => {
  const { data } = new Rng(5).randn([12, 40]);
  const few = tensor2d(data, [12, 40]);
  const many = tensor2d(
    Float32Array.from({ length: 4 * data.length }, (_, i) => data[i % data.length] as number),
    [48, 40],
  );
  const [a, b] = [await pca(few, 3), await pca(many, 3)];
  expect(a.components).toBeAllclose(b.components, { rtol: 1e-4, atol: 1e-4 });
  expect(a.explainedVarianceRatio[0]).toBeCloseTo(b.explainedVarianceRatio[0] as number, 5);
  expect(a.explainedVariance[0]).toBeCloseTo(((b.explainedVariance[0] as number) * 47) / 4 / 11, 4);
});
