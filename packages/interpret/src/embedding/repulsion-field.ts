import { abs, amax, amin, defineOp, matMul, max } from "@pellucid/core-train";
import type { RepulsionFieldOp } from "@pellucid/core-train/ops";
import {
  add,
  cast,
  concat,
  div,
  floor,
  gather,
  less,
  maximum,
  mul,
  range,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  where,
} from "@tensorflow/tfjs-core";

/**
 * What {@link repulsion} gives, as a field over the plane: points are spread over a grid that grows with the map, the grid is convolved
 * with `q`, `q² x` and `q² y` by Fourier transforms, and each point reads the field where it is, less what comes from itself. Time
 * `n + grid · log grid`.
 *
 * The field is of Pezzotti et al., 2018, https://arxiv.org/abs/1805.10817; that it is summed by Fourier transforms of Linderman et al.,
 * 2019, https://doi.org/10.1038/s41592-018-0308-4.
 *
 * @param y `[example, 2]`
 * @param waves from {@link fieldWaves}; the grid has half as many nodes along each side
 * @returns `[example, 3]`
 */
export const repulsionField = (y: Tensor2D, waves: Tensor2D): Tensor2D => op({ y, waves }, {});

/** How many nodes the grid needs along each side, for a map of that extent. */
export function fieldNodes(extent: number): number {
  let nodes = 32;
  while (nodes < 1024 && extent / (nodes - 5) > farthest) nodes *= 2;
  return nodes;
}

/** How far nodes may be from each other: forces are then within 1 %. */
const farthest = 0.3;

/** `cos` and `sin` of `2πk / 2 nodes`, `[2 nodes, 2]`, the caller's. */
export function fieldWaves(nodes: number): Tensor2D {
  const period = 2 * nodes;
  const turn = (k: number) => (2 * Math.PI * k) / period;
  return tensor2d(
    Float32Array.from({ length: 2 * period }, (_, i) =>
      i % 2 === 0 ? Math.cos(turn(i / 2)) : Math.sin(turn((i - 1) / 2)),
    ),
    [period, 2],
  );
}

const op: RepulsionFieldOp = defineOp({
  name: "PellucidRepulsionField",
  inputs: { y: "float32[example, 2]", waves: "float32[2 nodes, 2]" },
  reference: ({ y, waves }): Tensor2D => {
    const period = waves.shape[0];
    const nodes = period / 2;
    const extent = max(sub(amax(y, 0), amin(y, 0)));
    const apart = div(maximum(extent, 1e-6), nodes - 5);
    const positions = div<Tensor2D>(sub(y, sub(amin(y, 0), mul(apart, 1.5))), apart); // [example, 2]
    const [across, down] = [nodeWeights(positions, 0, nodes), nodeWeights(positions, 1, nodes)]; // [example, node]
    const mass = matMul<Tensor2D>(down, across, true, false);
    const wave = waveMatrix(waves, period);
    const spectrum = transform({ re: padded(mass, period) }, wave);
    const { q, along, down: downward } = kernels(apart, period);
    const found = [along, downward, q].map((kernel) => {
      const { re } = transform(product(spectrum, transform({ re: kernel }, wave)), {
        re: wave.re,
        im: mul<Tensor2D>(wave.im, -1),
      });
      const field = div<Tensor2D>(slice(re, [0, 0], [nodes, nodes]), period * period);
      return sum<Tensor2D>(mul(matMul(down, field), across), 1, true); // [example, 1]
    });
    const [forceX, forceY, total] = found as [Tensor2D, Tensor2D, Tensor2D];
    return concat([forceX, forceY, sub<Tensor2D>(total, ownShare(across, down, apart))], 1);
  },
});

/** Lagrange's cubic polynomials over the four nodes around each point, 0 at all others. */
function nodeWeights(positions: Tensor2D, axis: number, nodes: number): Tensor2D {
  const t = abs(
    sub<Tensor2D>(slice(positions, [0, axis], [positions.shape[0], 1]), reshape(range(0, nodes), [1, nodes])),
  );
  const [one, two, three] = [sub(1, t), sub(2, t), sub(3, t)];
  const near = mul(mul(one, add(t, 1)), div(two, 2));
  const far = mul(mul(one, two), div(three, 6));
  const zero = mul(t, 0);
  return where(less(t, 1), near, where(less(t, 2), far, zero)) as Tensor2D;
}

interface Complex {
  readonly re: Tensor2D;
  readonly im?: Tensor2D;
}

/** `exp(−2πi jk / period)`, `[period, period]`. */
function waveMatrix(waves: Tensor2D, period: number): Required<Complex> {
  const k = range(0, period);
  const products = mul<Tensor2D>(reshape(k, [period, 1]), reshape(k, [1, period]));
  const which = sub(products, mul(floor(div(products, period)), period)); // exact, as period is a power of 2
  const column = (c: number) => reshape(slice(waves, [0, c], [period, 1]), [period]) as Tensor1D;
  const at = cast(reshape(which, [period * period]), "int32") as Tensor1D;
  const matrix = (c: number) => reshape(gather(column(c), at), [period, period]) as Tensor2D;
  return { re: matrix(0), im: mul<Tensor2D>(matrix(1), -1) };
}

/** `W x W`. */
function transform(x: Complex, wave: Required<Complex>): Required<Complex> {
  return times(times(wave, x), wave);
}

function times(a: Complex, b: Complex): Required<Complex> {
  const of = (x: Tensor2D | undefined, y: Tensor2D | undefined) =>
    x === undefined || y === undefined ? undefined : matMul<Tensor2D>(x, y);
  return joined(of(a.re, b.re) as Tensor2D, of(a.im, b.im), of(a.re, b.im), of(a.im, b.re));
}

function product(a: Required<Complex>, b: Required<Complex>): Required<Complex> {
  return joined(mul(a.re, b.re), mul(a.im, b.im), mul(a.re, b.im), mul(a.im, b.re));
}

function joined(rr: Tensor2D, ii?: Tensor2D, ri?: Tensor2D, ir?: Tensor2D): Required<Complex> {
  const im = ri !== undefined && ir !== undefined ? add<Tensor2D>(ri, ir) : (ri ?? ir);
  return { re: ii === undefined ? rr : sub(rr, ii), im: im as Tensor2D };
}

const padded = (x: Tensor2D, period: number): Tensor2D => {
  const [rows, columns] = x.shape;
  const wide = concat<Tensor2D>([x, mul<Tensor2D>(x, 0)], 1);
  return rows * 2 === period && columns * 2 === period
    ? concat<Tensor2D>([wide, mul<Tensor2D>(wide, 0)], 0)
    : wide;
};

/** `q`, `q² x` and `q² y` at each distance between nodes, the negative distances after the positive ones. */
function kernels(apart: Tensor, period: number): { q: Tensor2D; along: Tensor2D; down: Tensor2D } {
  const steps = tensor1d(Float32Array.from({ length: period }, (_, k) => (k < period / 2 ? k : k - period)));
  const distances = mul(steps, apart);
  const [along, down] = [reshape(distances, [1, period]), reshape(distances, [period, 1])];
  const q = div<Tensor2D>(1, add(add(mul(along, along), mul(down, down)), 1)); // [period, period]
  const squared = mul(q, q);
  return { q, along: mul<Tensor2D>(squared, along), down: mul<Tensor2D>(squared, down) };
}

/** What `q` a point gets from itself by way of the nodes around it, about 1: `[example, 1]`. */
function ownShare(across: Tensor2D, down: Tensor2D, apart: Tensor): Tensor2D {
  const [examples, nodes] = across.shape;
  const likeness = (w: Tensor2D, shift: number) =>
    sum(
      mul(slice(w, [0, shift], [examples, nodes - shift]), slice(w, [0, 0], [examples, nodes - shift])),
      1,
      true,
    );
  const shifts = [0, 1, 2, 3];
  const [likeAcross, likeDown] = [across, down].map((w) => shifts.map((s) => likeness(w, s))) as [
    Tensor2D[],
    Tensor2D[],
  ];
  const terms = shifts.flatMap((r) =>
    shifts.map((c) => {
      const times = (r === 0 ? 1 : 2) * (c === 0 ? 1 : 2);
      const q = div(times, add(mul(mul(apart, apart), r * r + c * c), 1));
      return mul<Tensor2D>(mul(likeDown[r] as Tensor2D, likeAcross[c] as Tensor2D), q);
    }),
  );
  return terms.reduce((a, b) => add(a, b));
}
