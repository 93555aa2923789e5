import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { short } from "@pellucid/interpret/parts/number-text";
import { PellucidPosterior, type PlanePoint } from "@pellucid/interpret/parts/posterior";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./gaussian-process.css?inline";
import { leaveOneOut, posteriorAt } from "./program.ts";

interface ProcessState {
  readonly points: readonly PlanePoint[];
  readonly lengthScale: number;
  readonly noise: number;
  readonly samples: number;
  /** 0 for smooth, 1 for rough */
  readonly kernel: number;
}

const start: ProcessState = {
  points: [
    [0.5, -0.5],
    [1.5, 0.7],
    [2.5, 1.2],
    [3.5, 0.6],
    [4.6, -0.6],
    [7.6, 0.2],
    [8.6, 1],
  ],
  lengthScale: 1.2,
  noise: 0.1,
  samples: 3,
  kernel: 0,
};
const axis = Array.from({ length: 161 }, (_, i) => i / 16);

const pointsText = {
  write: (points: readonly PlanePoint[]) =>
    points.map(([x, y]) => `${Math.round(100 * x)}.${Math.round(100 * y)}`).join("_"),
  read: (text: string): readonly PlanePoint[] | undefined => {
    const points = text.split("_").map((pair): PlanePoint => {
      const [x = Number.NaN, y = Number.NaN] = pair.split(".").map((n) => Number(n) / 100);
      return [x, y];
    });
    const valid = points.every(([x, y]) => x >= 0 && x <= 10 && Math.abs(y) <= 2.5);
    return valid && points.length >= 2 && points.length <= 20 ? points : undefined;
  },
};

/** The page "Where is it least sure?" */
export function gaussianProcess(source: string): HTMLElement {
  const selection = lessonSelection("gaussian-process", start, {
    points: pointsText,
    lengthScale: numberText(0.2, 4),
    noise: numberText(0.01, 0.8),
    samples: integerText(5),
    kernel: integerText(1),
  });
  const plot = new PellucidPosterior();
  plot.ranges = { x: [0, 10], y: [-2.5, 2.5] };
  const kinds = ["smooth (RBF)", "rough (Matérn ½)"].map((text, i) => {
    const button = html("button", { type: "button", class: "pill", "aria-pressed": "false" }, text);
    button.addEventListener("click", () => selection.set({ kernel: i }));
    return button;
  });
  const measureHere = html("button", { type: "button", class: "pill" }, "Measure where it is least sure");
  const [verdict, control] = [testBadge(), testBadge()];
  const likelihood = html("p", { class: "sum-line" });
  const page = lessonPage({
    name: "gaussian-process",
    style: css,
    question: "Where is it least sure?",
    lead: "Drag a point, press on the plane to measure anew, or press Delete on a point. The band and the possible functions follow.",
    goal: "read a posterior band, choose a length scale by the likelihood, and test whether the band is honest.",
    stage: html(
      "div",
      { class: "gp-stage" },
      plot,
      html(
        "div",
        { class: "gp-controls" },
        rangeLine(selection, "lengthScale", {
          label: "Length scale",
          min: 0.2,
          max: 4,
          step: 0.1,
          text: (v) => v.toFixed(1),
        }),
        rangeLine(selection, "noise", {
          label: "Noise",
          min: 0.01,
          max: 0.8,
          step: 0.01,
          text: (v) => v.toFixed(2),
        }),
        rangeLine(selection, "samples", { label: "Functions", min: 0, max: 5, step: 1 }),
        html("div", { class: "row" }, ...kinds),
        html("div", { class: "row" }, measureHere),
      ),
    ),
    stageLabel: "Measurements and what the function may be",
    heights: [440, 700],
    key: [
      ["ink", "mean, and measurements"],
      ["quiet", "95% band"],
      ["minus", "possible functions"],
    ],
    tries: [
      {
        label: "With a length scale of 4: too sure, or not sure enough?",
        does: () => {
          selection.set({ lengthScale: 4, noise: 0.05 });
          page.guess.ask("Your guess: points that it has not seen lie", [
            "mostly inside of the band",
            "mostly outside",
          ]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Is the band honest?" },
        html("h2", {}, "Is the band honest?"),
        html(
          "p",
          { class: "prose" },
          "Each point is left out once, and predicted from the others: of a 95% band, about 19 of 20 must lie inside. The control is a band of the same width everywhere, which never asks how far the next measurement is: it must fail.",
        ),
        likelihood,
        html("div", { class: "row" }, verdict, control),
      ),
    ],
    care: "A band is only as good as the kernel: with a wrong length scale the process is sure of nonsense. With seven points the test is coarse: one point more or less outside says little. The band is about the function; a new measurement has noise on top.",
    formula:
      "mean(x) = k(x, X) (K + σ²I)⁻¹ y\nvar(x) = k(x, x) − k(x, X) (K + σ²I)⁻¹ k(X, x)\nRBF: k(a, b) = exp(−(a − b)² ÷ 2ℓ²);   Matérn ½: k(a, b) = exp(−|a − b| ÷ ℓ)",
    exercises: [
      {
        task: "Find the length scale with the largest log likelihood, to 0.1.",
        solution:
          "Move the slider and watch the number below; for the seven points at the start it is near 1.2 with a noise of 0.1.",
        set: () => selection.set(start),
      },
      {
        task: "Press “Measure where it is least sure” three times. Where does it measure, and why there?",
        solution:
          "Within the gaps and at the ends, where the next measurement is farthest: the variance depends on where the points are, not on their values.",
        set: () => selection.set(start),
        check: () => {
          const many = selection.state.points.length;
          return { solved: many >= 10, says: `There are ${many} points.` };
        },
      },
    ],
    program: source,
  });
  let unsure = 0;
  const beliefOf = ({ kernel, lengthScale, noise }: ProcessState) => ({
    kernel: kernel === 0 ? ("smooth" as const) : ("rough" as const),
    lengthScale,
    noise,
  });
  const show = () => {
    const { state } = selection;
    const belief = beliefOf(state);
    kinds.forEach((button, i) => button.setAttribute("aria-pressed", String(i === state.kernel)));
    const found = posteriorAt(state.points, belief, axis, state.samples);
    plot.points = state.points;
    plot.curve = { x: axis, ...found };
    unsure = found.std.indexOf(Math.max(...found.std));
    const { inside, constantBand } = leaveOneOut(state.points, belief);
    const many = state.points.length;
    const least = Math.ceil(0.8 * many);
    markBadge(verdict, inside >= least, `Band: ${inside} of ${many} left-out points inside`);
    markBadge(control, constantBand >= least, `Control, same width everywhere: ${constantBand} of ${many}`);
    likelihood.replaceChildren("Log likelihood of the points: ", html("b", {}, short(found.logLikelihood)));
    const [x, std] = [axis[unsure] ?? 0, found.std[unsure] ?? 0];
    page.say("Least sure at ", html("b", {}, `x = ${short(x, 1)}`), `: ± ${short(1.96 * std)}.`);
    page.hint(`${many} points; at x = ${short(x, 1)} the mean is ${short(found.mean[unsure] ?? 0)}`);
    page.device("on the CPU, in float64");
    page.ready({ inside, constantBand, many, unsure: x });
  };
  plot.addEventListener("change", () => selection.set({ points: plot.points }));
  measureHere.addEventListener("click", () => {
    const x = axis[unsure] ?? 0;
    const y = Math.max(-2.4, Math.min(2.4, Math.sin(1.3 * x - 1.2) * 1.1));
    selection.set({ points: [...selection.state.points, [x, y] as const].slice(-20) });
  });
  page.guess.addEventListener("guess", show);
  selection.on(["points", "lengthScale", "noise", "samples", "kernel"], show);
  return page.element;
}
