import { checkAxes, checkDrawn } from "./check-drawn.ts";
import { classColor } from "./color-map.ts";
import { html, svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";
import { classLegend, type ScatterOptions } from "./scatter.ts";
import type { Values } from "./values.ts";

/** From where it is seen at first. */
export interface Scatter3dOptions extends DrawingOptions, ScatterOptions {
  /** Around the upright axis, in degrees. Default: 30. */
  readonly turn?: number;
  /** From above, in degrees. Default: 20. */
  readonly tilt?: number;
}

/**
 * Points in space, turned by dragging or with the arrow keys; near ones are larger and drawn last. A point of a class is drawn as the class's number.
 *
 * @param points `[point, 3]`
 */
export function scatter3d(points: Values, options: Scatter3dOptions): HTMLElement {
  const [count, three] = checkDrawn("scatter3d", points, ["point", "3"]) as [number, number];
  checkAxes("scatter3d", three, 3);
  const isFinitePoint = (i: number) => [0, 1, 2].every((axis) => Number.isFinite(points.data[3 * i + axis]));
  const drawn = Array.from({ length: count }, (_, i) => i).filter(isFinitePoint);
  const { classes } = options;
  let { turn = 30, tilt = 20 } = options;
  const size = 320;
  const placed = unitBall(points, drawn, count);
  const picture = svg("svg", {
    viewBox: `0 0 ${size} ${size}`,
    width: size,
    role: "application",
    "aria-roledescription": "points in space",
    "aria-label": `${options.title}: ${count} points. Arrow keys turn them.`,
    tabindex: 0,
    style: "max-width:100%;height:auto;touch-action:none;cursor:grab",
  });
  const says = html("output", { style: "display:block;font-size:12px", "aria-live": "polite" });
  const draw = () => {
    const look = projection(turn, tilt, size);
    const axes = ["first", "second", "third"].flatMap((name, axis) => {
      const end = look([0, 1, 2].map((i) => (i === axis ? 1 : 0)));
      const middle = look([0, 0, 0]);
      const label = look([0, 1, 2].map((i) => (i === axis ? 1.12 : 0)));
      return [
        svg("line", {
          x1: middle.x.toFixed(1),
          y1: middle.y.toFixed(1),
          x2: end.x.toFixed(1),
          y2: end.y.toFixed(1),
          stroke: "currentColor",
          "stroke-opacity": 0.5,
        }),
        svg(
          "text",
          {
            x: label.x.toFixed(1),
            y: label.y.toFixed(1),
            fill: "currentColor",
            "font-size": 11,
            "font-family": "system-ui, sans-serif",
            "text-anchor": "middle",
          },
          name,
        ),
      ];
    });
    const seen = drawn.map((i) => ({ i, ...look(placed.subarray(3 * i, 3 * i + 3)) }));
    const marks = seen
      .toSorted((a, b) => a.depth - b.depth)
      .map(({ i, x, y, depth }) => {
        const near = 0.75 + 0.35 * depth;
        const one = classes?.[i];
        return one === undefined
          ? svg("circle", {
              cx: x.toFixed(1),
              cy: y.toFixed(1),
              r: 2.5 * near,
              fill: classColor(0),
              "fill-opacity": 0.5 + 0.3 * depth,
            })
          : svg(
              "text",
              {
                x: x.toFixed(1),
                y: y.toFixed(1),
                fill: classColor(one),
                "fill-opacity": (0.7 + 0.3 * depth).toFixed(2),
                "font-size": (10 * near).toFixed(1),
                "font-weight": 700,
                "font-family": "system-ui, sans-serif",
                "text-anchor": "middle",
                "dominant-baseline": "central",
              },
              String(one),
            );
      });
    picture.replaceChildren(...axes);
    for (const mark of marks) picture.append(mark);
    says.textContent = `turned ${Math.round(turn)}°, seen from ${Math.round(tilt)}° above`;
  };
  const by = (right: number, up: number) => {
    turn = (((turn + right) % 360) + 360) % 360;
    tilt = Math.min(90, Math.max(-90, tilt + up));
    draw();
  };
  const keys: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-10, 0],
    ArrowRight: [10, 0],
    ArrowUp: [0, 10],
    ArrowDown: [0, -10],
  };
  picture.addEventListener("keydown", (event) => {
    const step = keys[event.key];
    if (step === undefined) return;
    event.preventDefault();
    by(...step);
  });
  picture.addEventListener("pointerdown", (event) => picture.setPointerCapture(event.pointerId));
  picture.addEventListener("pointermove", ({ buttons, movementX, movementY }) => {
    if (buttons === 1) by(movementX, movementY);
  });
  draw();
  return figure(
    options,
    picture,
    { points, classes },
    () => ({
      columns: ["point", "first axis", "second axis", "third axis", ...(classes ? ["class"] : [])],
      rows: Array.from({ length: count }, (_, i) => [
        String(i + 1),
        ...[0, 1, 2].map((axis) => short(points.data[3 * i + axis] ?? NaN)),
        ...(classes ? [String(classes[i])] : []),
      ]),
    }),
    says,
    ...classLegend(options).map((text) => html("small", {}, text)),
    html(
      "small",
      {},
      drawn.length === count
        ? `${count} points`
        : `${count} points; ${count - drawn.length} without finite coordinates, not drawn`,
    ),
  );
}

/** Moved and shrunk into the ball of radius 1, all axes alike. */
function unitBall({ data }: Values, drawn: readonly number[], count: number): Float64Array {
  const middle = [0, 1, 2].map((axis) => {
    let sum = 0;
    for (const i of drawn) sum += data[3 * i + axis] ?? NaN;
    return sum / Math.max(1, drawn.length);
  });
  const placed = Float64Array.from(
    { length: 3 * count },
    (_, i) => (data[i] ?? NaN) - (middle[i % 3] ?? NaN),
  );
  let farthest = 0;
  for (const i of drawn) farthest = Math.max(farthest, Math.hypot(...placed.subarray(3 * i, 3 * i + 3)));
  return placed.map((v) => v / (farthest || 1));
}

/** Turned about the third axis, then tilted towards the eye; `depth` is 1 at the eye's side, −1 behind. */
function projection(turn: number, tilt: number, size: number) {
  const [a, b] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  return (at: ArrayLike<number>) => {
    const [first, second, third] = [at[0] ?? NaN, at[1] ?? NaN, at[2] ?? NaN];
    const right = Math.cos(a) * first - Math.sin(a) * second;
    const away = Math.sin(a) * first + Math.cos(a) * second;
    const up = Math.cos(b) * third + Math.sin(b) * away;
    const depth = Math.sin(b) * third - Math.cos(b) * away;
    const scale = (0.42 * size) / (1 - 0.12 * depth);
    return { x: size / 2 + scale * right, y: size / 2 - scale * up, depth };
  };
}
