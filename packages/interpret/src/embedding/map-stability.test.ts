import { mapStability } from "@pellucid/interpret";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { formula, maps } from "../../test/mapped-points.ts";

test("how far maps are from each other is SciPy's Procrustes distance, and a turned map is none", async () => {
  const [a, b] = [formula(12, 2, 1), formula(12, 2, 2)];
  const flat = await mapStability([a, b], { neighbors: 3 });
  expect(flat.procrustes).toBeAllclose([maps.procrustes[0] as number], { rtol: 1e-5 });
  const space = await mapStability([formula(9, 3, 1), formula(9, 3, 4)], { neighbors: 3 });
  expect(space.procrustes).toBeAllclose([maps.procrustes[1] as number], { rtol: 1e-5 });
  const values = a.dataSync<"float32">();
  const mirrored = tensor2d(
    values.map((_, i) => (i % 2 === 0 ? 5 + 2 * (values[i + 1] as number) : 2 * (values[i - 1] as number))),
    [12, 2],
  );
  const { neighborhoodAgreement, procrustes, aligned } = await mapStability([a, mirrored], { neighbors: 3 });
  expect(neighborhoodAgreement).toBe(1);
  expect(procrustes[0]).toBeCloseTo(0, 6);
  expect(aligned[0]).toBeAllclose(values, { rtol: 0, atol: 1e-5 });
  expect(flat.neighborhoodAgreement).toBeLessThan(0.9);
  await expect(mapStability([a])).rejects.toThrow("mapStability: maps is 1, expected two or more");
});
