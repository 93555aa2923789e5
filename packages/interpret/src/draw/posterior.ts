import { chart, type Range } from "./chart.ts";
import { svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";

/** A measurement: a position and a value. */
export type Measurement = readonly [x: number, y: number];

/** A prediction along an axis. */
export interface Band {
  readonly x: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  /** The standard deviations. */
  readonly std: ArrayLike<number>;
}

/** Options for {@link posterior}. */
export interface PosteriorOptions extends DrawingOptions {
  readonly xRange: Range;
  readonly yRange: Range;
  /** Functions to draw thin, over `x` of the prediction: samples. Default: none. */
  readonly samples?: readonly ArrayLike<number>[];
  /** Whether the measurements can be moved: not where a prediction takes long. Default: true. */
  readonly movable?: boolean;
}

/**
 * A prediction with its deviations, and the measurements that it is made from: dragging one, or moving it by the arrow keys, predicts anew.
 *
 * @param predict from the measurements to the prediction
 */
export function posterior(
  measurements: readonly Measurement[],
  predict: (measurements: readonly Measurement[]) => Band,
  options: PosteriorOptions,
): HTMLElement {
  const { xRange, yRange, samples = [], movable = true } = options;
  let points = [...measurements];
  let band = predict(points);
  const { picture, x, y } = chart(options.title, xRange, yRange, "x", "y");
  if (movable) picture.setAttribute("role", "group");
  const inside = (value: number) => Math.min(Math.max(value, yRange[0]), yRange[1]);
  const line = (values: ArrayLike<number>) =>
    Array.from(
      band.x,
      (at, i) => `${i === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(inside(values[i] ?? NaN)).toFixed(1)}`,
    ).join("");
  const edge = (times: number) => Array.from(band.mean, (m, i) => m + times * (band.std[i] ?? NaN));
  const [left, right, top, bottom] = [x(xRange[0]), x(xRange[1]), y(yRange[1]), y(yRange[0])];
  const deviations = svg("path", { fill: "#56b4e9", "fill-opacity": 0.25 });
  const mean = svg("path", { fill: "none", stroke: "#0072b2", "stroke-width": 2 });
  const drawBand = (): void => {
    const back = Array.from(
      band.x,
      (at, i) => `L${x(at).toFixed(1)} ${y(inside(edge(-2)[i] ?? NaN)).toFixed(1)}`,
    );
    deviations.setAttribute("d", `${line(edge(2))}${back.toReversed().join("")}z`);
    mean.setAttribute("d", line(band.mean));
  };
  drawBand();

  const handles = points.map((_, i) => {
    const spot = svg("circle", {
      r: movable ? 5 : 3,
      fill: "currentColor",
      stroke: "#fff",
      "stroke-width": 1,
    });
    if (!movable) {
      const [px, py] = points[i] as Measurement;
      spot.setAttribute("transform", `translate(${x(px).toFixed(1)} ${y(py).toFixed(1)})`);
      return spot;
    }
    const handle = svg(
      "g",
      { tabindex: 0, role: "button", style: "cursor:grab;touch-action:none" },
      svg("circle", { r: 13, fill: "transparent" }),
      spot,
    );
    const move = ([px, py]: Measurement): void => {
      const within = (value: number, [low, high]: Range) => Math.min(Math.max(value, low), high);
      points = points.with(i, [within(px, xRange), within(py, yRange)]);
      band = predict(points);
      drawBand();
      draw();
    };
    const draw = (): void => {
      const [px, py] = points[i] as Measurement;
      handle.setAttribute("transform", `translate(${x(px).toFixed(1)} ${y(py).toFixed(1)})`);
      handle.setAttribute(
        "aria-label",
        `Measurement ${i + 1} at ${short(px)}: ${short(py)}. Arrow keys move it.`,
      );
    };
    draw();
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const matrix = picture.getScreenCTM();
      if (matrix === null) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      move([
        xRange[0] + ((at.x - left) / (right - left)) * (xRange[1] - xRange[0]),
        yRange[0] + ((at.y - bottom) / (top - bottom)) * (yRange[1] - yRange[0]),
      ]);
    });
    handle.addEventListener("keydown", (event) => {
      const [px, py] = points[i] as Measurement;
      const [dx, dy] = [(xRange[1] - xRange[0]) / 50, (yRange[1] - yRange[0]) / 50];
      const moved = new Map<string, Measurement>([
        ["ArrowLeft", [px - dx, py]],
        ["ArrowRight", [px + dx, py]],
        ["ArrowUp", [px, py + dy]],
        ["ArrowDown", [px, py - dy]],
      ]).get(event.key);
      if (moved === undefined) return;
      event.preventDefault();
      move(moved);
    });
    return handle;
  });
  picture.append(
    svg(
      "g",
      {},
      deviations,
      ...samples.map((values) =>
        svg("path", { d: line(values), fill: "none", stroke: "currentColor", "stroke-opacity": 0.35 }),
      ),
      mean,
    ),
    ...handles,
  );
  return figure(options, picture, { measurements, band }, () => ({
    columns: ["x", "mean", "deviation"],
    rows: Array.from(band.x, (at, i) => [short(at), short(band.mean[i] ?? NaN), short(band.std[i] ?? NaN)]),
  }));
}
