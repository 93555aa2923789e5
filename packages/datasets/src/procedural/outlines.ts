export type Point = readonly [x: number, y: number];

/** A closed line through points. */
export type Loop = readonly Point[];

/** What a class of shapes looks like, within the unit circle, y pointing down. */
export interface Outline {
  /** Its border, and the border of a hole if it has one. The first point of the first is the topmost, or top left. */
  readonly loops: readonly Loop[];
  /** The largest turn by which that point is still the topmost, or top left: half of what turns the shape into itself. */
  readonly turn: number;
}

/** Corners on the unit circle, clockwise from the angle `from`; every other one on a circle of radius `inner`. */
function around(corners: number, from: number, inner = 1): Loop {
  return Array.from({ length: corners }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / corners;
    const radius = i % 2 === 0 ? 1 : inner;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

const UP = -Math.PI / 2;
const ROUND = 48;
const ARM = 0.36;
const END = Math.sqrt(1 - ARM * ARM);

/** The classes of shapes that can be drawn. */
export const outlines = {
  circle: { loops: [around(ROUND, UP)], turn: 0 },
  square: { loops: [around(4, UP - Math.PI / 4)], turn: Math.PI / 4 },
  triangle: { loops: [around(3, UP)], turn: Math.PI / 3 },
  pentagon: { loops: [around(5, UP)], turn: Math.PI / 5 },
  star: { loops: [around(10, UP, 0.42)], turn: Math.PI / 5 },
  cross: {
    loops: [
      [
        [-ARM, -END],
        [ARM, -END],
        [ARM, -ARM],
        [END, -ARM],
        [END, ARM],
        [ARM, ARM],
        [ARM, END],
        [-ARM, END],
        [-ARM, ARM],
        [-END, ARM],
        [-END, -ARM],
        [-ARM, -ARM],
      ],
    ],
    turn: Math.PI / 4,
  },
  ring: {
    loops: [around(ROUND, UP), around(ROUND, UP).map(([x, y]): Point => [0.55 * x, 0.55 * y])],
    turn: 0,
  },
} as const satisfies Record<string, Outline>;

/** A class of shapes: `circle`, `square`, … */
export type ShapeClass = keyof typeof outlines;

/** `count` points along a loop, equally far apart on it, from its first point on. */
export function along(loop: Loop, count: number): Point[] {
  const sides = loop.map((from, i) => {
    const to = loop[(i + 1) % loop.length] as Point;
    return { from, to, length: Math.hypot(to[0] - from[0], to[1] - from[1]) };
  });
  const whole = sides.reduce((sum, side) => sum + side.length, 0);
  const points: Point[] = [];
  let passed = 0;
  for (const { from, to, length } of sides) {
    // rounding must neither lose a corner nor count it twice
    for (; points.length < count && (points.length / count) * whole < passed + length - 1e-9;) {
      const t = ((points.length / count) * whole - passed) / length;
      points.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
    }
    passed += length;
  }
  return points;
}
