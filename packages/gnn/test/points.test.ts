// Points: which are near, against scikit-learn; SchNet sees distances alone, and its gradient is that of the energy.
import { useBackend } from "@pellucid/backends";
import { disposeLeaves, Rng, valueAndGradients } from "@pellucid/core-train";
import {
  CFConv,
  edgesOf,
  GaussianSmearing,
  type InteractionBlock,
  radiusGraph,
  SchNet,
  ShiftedSoftplus,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import {
  add,
  matMul,
  slice,
  sum,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Near {
  readonly axes: number;
  readonly radius: number;
  readonly most: number;
  readonly pos: number[];
  readonly sources: number[];
  readonly targets: number[];
}
const cases = fixture<Near[]>(import.meta.url, "../fixtures/points.json");

const rng = new Rng(1);
const positions = () => tensor2d(rng.normal([7, 3], 0, 1).data, [7, 3]);
const z = () => tensor1d([6, 1, 1, 8, 7, 1, 6], "int32");
const batch = () => tensor1d([0, 0, 0, 0, 1, 1, 1], "int32");
const schNet = (seed = 0) => new SchNet(8, 6, 2, 5, { rng: new Rng(seed), cutoff: 3 });

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(cases)("within $radius in $axes dimensions, at most $most, as scikit-learn finds", (c) => {
    const pos = tensor2d(c.pos, [c.pos.length / c.axes, c.axes]);
    const edgeIndex = radiusGraph(pos, c.radius, { maxNumNeighbors: c.most });
    const { source, target } = edgesOf(edgeIndex);
    expect([...target]).toEqual(c.targets);
    expect([...source]).toEqual(c.sources);
    disposeLeaves([pos, edgeIndex]);
  });

  test("each interaction changes the features of atoms, and keeps their number", () => {
    const net = schNet();
    const blocks: readonly InteractionBlock[] = net.interactions;
    expect(blocks.length).toBe(2);
    const pos = positions();
    const edgeIndex = radiusGraph(pos, 100); // no atom is alone
    const edges = edgesOf(edgeIndex);
    const x = tensor2d(new Rng(2).normal([7, 8], 0, 1).data, [7, 8]);
    const edgeWeight = tensor1d(new Float32Array(edges.length).fill(1));
    const edgeAttr = tensor2d(new Float32Array(5 * edges.length).fill(0.5), [edges.length, 5]);
    for (const block of blocks) {
      const added = block.forward({ x, edgeIndex, edgeWeight, edgeAttr });
      expect(added.shape).toEqual([7, 8]);
      expect([...added.dataSync()].filter((v) => !Number.isFinite(v) || v === 0)).toEqual([]);
    }
  });

  test("points of other graphs are not joined, and a point to itself by loop alone", () => {
    const pos = tensor2d([0, 0, 0, 1, 0, 0], [3, 2]);
    const graphs = tensor1d([1, 1, 0], "int32");
    expect(() => {
      tidy(() => {
        const { source, target } = edgesOf(radiusGraph(pos, 1, { batch: graphs, loop: true }));
        expect([[...source], [...target]]).toEqual([
          [0, 1, 0, 1, 2],
          [0, 0, 1, 1, 2],
        ]);
      });
    }).toLeakNothing();
    expect(edgesOf(radiusGraph(tensor2d([], [0, 3]), 1)).length).toBe(0);
    expect(() => radiusGraph(tensor2d([NaN, 0], [1, 2]), 1)).toThrow("not finite");
    expect(() => radiusGraph(pos, 0)).toThrow("r is 0");
  });

  test("a molecule that is turned and moved has the same energy, and molecules together those of each", () => {
    const [model, pos, kinds, molecules] = [schNet(), positions(), z(), batch()];
    const together = model.forward({ z: kinds, pos, batch: molecules });
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = add<Tensor2D>(matMul(pos, tensor2d([c, s, 0, -s, c, 0, 0, 0, 1], [3, 3])), 5);
    expect(model.forward({ z: kinds, pos: turned, batch: molecules })).toBeAllclose(together.dataSync(), {
      rtol: 1e-4,
      atol: 1e-5,
    });
    const first = model.forward({ z: slice(kinds, 0, 4), pos: slice(pos, 0, 4) });
    expect(together.dataSync()[0]).toBeCloseTo(first.dataSync()[0] ?? NaN, 5);
    model.dispose();
  });

  test("its gradient is the difference of energies, and an atom alone has none", () => {
    const [model, kinds] = [schNet(), z()];
    const start = rng.normal([7, 3], 0, 1).data;
    const pos = variable(tensor2d(start, [7, 3]));
    const energy = (at: Tensor2D) => sum(model.forward({ z: kinds, pos: at }));
    const { gradients } = valueAndGradients({ pos }, () => energy(pos as Tensor2D));
    const found = (gradients["pos"] as Tensor2D).dataSync();
    for (const k of [0, 7, 20]) {
      const at = (step: number) =>
        energy(
          tensor2d(
            start.map((x, i) => (i === k ? x + step : x)),
            [7, 3],
          ),
        ).dataSync()[0] ?? NaN;
      expect(found[k]).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 3);
    }
    const alone = model.forward({ z: tensor1d([6], "int32"), pos: tensor2d([1, 2, 3], [1, 3]) });
    expect(alone.shape).toEqual([1, 1]);
    expect(Number.isFinite(alone.dataSync()[0])).toBe(true);
    model.dispose();
  });

  test("bad molecules are refused, and nothing is left", () => {
    const [model, pos] = [schNet(), positions()];
    expect(() => model.forward({ z: tensor1d([1, 2], "int32"), pos })).toThrow("z is [2]");
    expect(() => model.forward({ z: tensor1d([1], "int32"), pos: tensor2d([1, 2], [1, 2]) })).toThrow(
      "atom, 3",
    );
    const hundred = tensor1d([100, 1, 1, 1, 1, 1, 1], "int32");
    expect(() => {
      expect(() => model.forward({ z: hundred, pos })).toThrow("100");
    }).toLeakNothing();
    expect(() => new SchNet(8, 6, 2, 5, { rng, atomref: [1, 2] })).toThrow("100 finite numbers");
    model.dispose();
  });

  test("a filter fades to nothing at the cutoff", () => {
    const nn = new GaussianSmearing(0, 2, 3);
    const conv = new CFConv(2, 2, 3, new ShiftedSoftplus(), 2, { rng: new Rng(0) });
    const x = tensor2d([1, 2, 3, 4], [2, 2]);
    const edgeIndex = tensor2d([0, 1], [2, 1], "int32");
    const at = (distance: number) => {
      const edgeWeight = tensor1d([distance]);
      return conv.forward({ x, edgeIndex, edgeWeight, edgeAttr: nn.forward(edgeWeight) }).dataSync();
    };
    expect(Math.max(...at(2).map(Math.abs))).toBeLessThan(1e-6);
    expect(Math.max(...at(1).map(Math.abs))).toBeGreaterThan(1e-2);
    conv.dispose();
    nn.dispose();
  });
});
