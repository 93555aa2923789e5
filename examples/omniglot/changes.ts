import { affineGrid, gridSample, interpolate, type Rng } from "@pellucid/core-train";
import { add, mul, tensor3d, tensor4d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** A map of the plane, `[a, b, c; d, e, f]`, row by row. */
export type Affine = readonly [number, number, number, number, number, number];

/** How much a drawing may be turned (radians), stretched, slanted and moved (parts of its half width), at most. */
export interface Extent {
  readonly turn: number;
  readonly stretch: number;
  readonly slant: number;
  readonly move: number;
}

/** First `second`, then `first`. */
export function composed(first: Affine, second: Affine): Affine {
  const [a, b, c, d, e, f] = first;
  const [g, h, i, j, k, l] = second;
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

/** A random map. */
export function drawAffine(rng: Rng, { turn, stretch, slant, move }: Extent): Affine {
  const draw = (most: number) => rng.uniform([1], -most, most).data[0] ?? NaN;
  const angle = draw(turn);
  const [wide, tall, slanted] = [1 + draw(stretch), 1 + draw(stretch), draw(slant)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    cos * wide,
    cos * slanted - sin * tall,
    draw(move),
    sin * wide,
    sin * slanted + cos * tall,
    draw(move),
  ];
}

/** One of eight: a quarter turn, mirrored or not. */
export function drawQuarterTurn(rng: Rng): Affine {
  const [quarter = 0, mirror = 0] = rng.randint(0, 4, [2]).data;
  const [cos, sin] = [[1, 0, -1, 0][quarter] ?? NaN, [0, 1, 0, -1][quarter] ?? NaN];
  const flip = mirror < 2 ? 1 : -1;
  return [flip * cos, -sin, 0, flip * sin, cos, 0];
}

/**
 * Drawings after a map of each, and bent a little where `bend` is above 0.
 *
 * @param drawings `[drawing, height, width, 1]`
 */
export function changed(
  drawings: Tensor4D,
  maps: readonly Affine[],
  { rng, bend }: { rng: Rng; bend: number },
): Tensor4D {
  const [count, height, width] = drawings.shape;
  return tidy(() => {
    const theta = tensor3d(maps.flat(), [count, 2, 3]);
    const straight = affineGrid(theta, [height, width]); //                       [drawing, height, width, 2]
    if (bend === 0) return gridSample(drawings, straight);
    const coarse: Tensor4D = tensor4d(rng.randn([count, 4, 4, 2]).data, [count, 4, 4, 2]);
    const size = [height, width] as const;
    const bent = interpolate(coarse, { size, mode: "bilinear", alignCorners: true }); // [drawing, height, width, 2]
    return gridSample(drawings, add(straight, mul(bent, bend)) as Tensor4D);
  });
}
