import type { GaussianDiffusion } from "@pellucid/generative";
import { PellucidFilmStrip } from "@pellucid/interpret/parts/film-strip";
import { integerText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { colorAt, paintInk } from "@pellucid/interpret/parts/paint";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { digitDiffusion, digitRows } from "../../../interpret/stories/nets/digit-diffusion.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./diffusion.css?inline";
import { drawDigits, type Frame, nearest, quantile } from "./program.ts";

interface DiffusionState {
  readonly seed: number;
  readonly steps: number;
  readonly digit: number;
  readonly frame: number;
  /** 0 for DDPM, 1 for DDIM */
  readonly solver: number;
}

const start: DiffusionState = { seed: 0, steps: 50, digit: 0, frame: 9, solver: 1 };
const frames = 10;
const count = 6;
const ink = (values: ArrayLike<number>) =>
  Float32Array.from(values, (v) => Math.min(1, Math.max(0, (v + 1) / 2)));
const square = (values: ArrayLike<number>) => ({ values: ink(values), height: 8, width: 8 });

/** The page "From noise to a digit" */
export function diffusion(source: string): HTMLElement {
  const selection = lessonSelection(
    "diffusion",
    start,
    {
      seed: integerText(9999),
      steps: integerText(200),
      digit: integerText(count - 1),
      frame: integerText(frames - 1),
      solver: integerText(1),
    },
    (state) => ({ ...state, steps: Math.max(10, state.steps) }),
  );
  const [noisy, clean, all] = [new PellucidFilmStrip(), new PellucidFilmStrip(), new PellucidFilmStrip()];
  noisy.setAttribute("label", "The digit after each step");
  clean.setAttribute("label", "What the network takes it for");
  all.setAttribute("label", "Six digits; one is shown step by step");
  all.style.setProperty("--frame", "52px");
  const player = new PellucidPlayer();
  player.setAttribute("label", "frame");
  player.rate = 3;
  player.steps = frames;
  const again = html("button", { type: "button", class: "pill" }, "New noise");
  const solvers = ["DDPM: noise at each step", "DDIM: none"].map((text, i) => {
    const button = html("button", { type: "button", class: "pill", "aria-pressed": "false" }, text);
    button.addEventListener("click", () => selection.set({ solver: i }));
    return button;
  });
  const canvases = ["Generated", "Nearest in the training set"].map((text) => {
    const canvas = html("canvas", { width: 8, height: 8, role: "img", "aria-label": text });
    return {
      canvas,
      figure: html("figure", {}, html("div", { class: "framed" }, canvas), html("figcaption", {}, text)),
    };
  });
  const [verdict, control] = [testBadge(), testBadge()];
  const measured = html("p", { class: "sum-line" });
  const page = lessonPage({
    name: "diffusion",
    style: css,
    question: "How does noise become a digit?",
    lead: "The network removes a little noise, many times. Press play or choose a frame; the row below shows what it takes the noise for at that step.",
    goal: "say what one step of a diffusion model does, and test whether it copies its training images.",
    stage: html(
      "div",
      { class: "film-stage" },
      html("h2", {}, "x, from noise to a digit"),
      noisy,
      html("h2", {}, "x₀, what the network takes it for"),
      clean,
      player,
      html(
        "div",
        { class: "two" },
        html("div", {}, html("h2", {}, "Six digits from this noise"), all),
        html(
          "div",
          {},
          rangeLine(selection, "steps", { label: "Steps", min: 10, max: 200, step: 10 }),
          html("div", { class: "row" }, again, ...solvers),
        ),
      ),
    ),
    stageLabel: "Frames from noise to a digit",
    heights: [520, 700],
    key: [["ink", "ink"]],
    tries: [
      {
        label: "At which frame is the digit decided?",
        does: () => {
          selection.set({ frame: 0 });
          clean.classList.add("covered");
          page.guess.ask("Your guess: from which frame on does x₀ no longer change?", ["2", "4", "6", "8"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does it copy?" },
        html("h2", {}, "Does it copy?"),
        html(
          "p",
          { class: "prose" },
          "A model may simply return what it was trained on. The test compares the distance to the nearest of 1,347 training digits with that of digits that it has never seen. A copy is nearer than 99 of 100 of those. The control is a training digit with a little noise: it must be caught.",
        ),
        html("div", { class: "framed-pair" }, ...canvases.map(({ figure }) => figure)),
        measured,
        html("div", { class: "row" }, verdict, control),
      ),
    ],
    care: "Images of 8 × 8 pixels are all close to each other; in large images a distance of pixels says little, and copies are found by features. That a digit is not a copy does not mean that it is new: it may be a mixture of two.",
    formula:
      "x_t = α_t x₀ + σ_t ε                          what is added in training\nx₀ ≈ (x_t − σ_t ε̂(x_t, t)) ÷ α_t              what the network takes it for\nDDIM: x_s = α_s x₀ + σ_s ε̂                    one step, from t to s",
    exercises: [
      {
        task: "Set 10 steps, then 200. What is lost with few steps, and which of the two solvers needs fewer?",
        solution:
          "DDIM gives clean digits from about 20 steps on, since it adds no noise; DDPM needs many small steps, as each adds noise that later ones must remove.",
        set: () => selection.set({ steps: 10 }),
      },
      {
        task: "With DDIM, the same noise always gives the same digit. Why does the number of steps hardly change it, and what about DDPM?",
        solution:
          "DDIM follows one path that is given by the noise; more steps follow it more closely. DDPM draws new noise in each step, so another number of steps draws another digit.",
        set: () => selection.set({ solver: 1, seed: 3 }),
      },
    ],
    program: source,
  });
  let drawn: Frame[][] = [];
  let net: GaussianDiffusion | null = null;
  let train: readonly number[][] = [];
  let unseen: readonly number[] = [];
  let turn = 0;
  const showDigit = () => {
    const list = drawn[selection.state.digit] ?? [];
    noisy.frames = list.map(({ noisy: values, sigma }) => ({ ...square(values), note: `σ ${short(sigma)}` }));
    clean.frames = list.map(({ estimate }, i) => ({ ...square(estimate), note: String(i + 1) }));
    all.value = selection.state.digit;
    showFrame();
    const last = list.at(-1)?.noisy ?? new Float32Array(64);
    const near = nearest(last, train);
    const share = unseen.filter((distance) => distance < near.distance).length / Math.max(1, unseen.length);
    const black = colorAt(page.element, "ink");
    const [one, two] = canvases;
    if (one !== undefined) paintInk(one.canvas, square(last), black);
    if (two !== undefined) paintInk(two.canvas, square(train[near.index] ?? []), black);
    const limit = quantile(unseen, 0.01);
    const copy = (train[5] ?? []).map((v, i) => v + 0.02 * Math.sin(7 * i));
    const caught = nearest(copy, train).distance < limit;
    measured.textContent = `Distance ${short(near.distance)}; ${percent(share)} of unseen digits are nearer to their nearest training digit. Copies are below ${short(limit)}.`;
    const isCopy = near.distance < limit;
    markBadge(verdict, !isCopy, isCopy ? "A copy" : "Not a copy");
    markBadge(control, !caught, caught ? "Control: caught as a copy" : "Control: not caught");
    page.say(
      "From noise to this digit in ",
      html("b", {}, String(selection.state.steps)),
      ` steps (${selection.state.solver === 0 ? "DDPM" : "DDIM"}).`,
    );
    page.ready({ frames: list.length, isCopy, caught, share });
  };
  const showFrame = () => {
    const { frame, digit } = selection.state;
    noisy.value = frame;
    clean.value = frame;
    player.at = frame;
    const at = drawn[digit]?.[frame];
    if (at !== undefined)
      page.hint(
        `Frame ${frame + 1} of ${frames}: noise σ = ${short(at.sigma)}; x₀ differs from the last by ${short(distance(at.estimate, drawn[digit]?.at(-1)?.estimate ?? at.estimate))}`,
      );
  };
  const compute = async () => {
    if (net === null) return;
    const mine = ++turn;
    const { seed, steps, solver } = selection.state;
    solvers.forEach((button, i) => button.setAttribute("aria-pressed", String(i === solver)));
    page.busy(true);
    const found = await drawDigits(
      net,
      { solver: solver === 0 ? "DDPM" : "DDIM", steps, seed, count },
      frames + 1,
    );
    if (mine !== turn) return;
    page.busy(false);
    drawn = found.map((list) => list.slice(-frames));
    all.frames = drawn.map((list, i) => ({ ...square(list.at(-1)?.noisy ?? []), note: `digit ${i + 1}` }));
    showDigit();
  };
  page.guess.addEventListener("guess", () => clean.classList.remove("covered"));
  for (const strip of [noisy, clean])
    strip.addEventListener("change", () => selection.set({ frame: strip.value }));
  all.addEventListener("change", () => selection.set({ digit: all.value }));
  player.addEventListener("step", () => selection.set({ frame: player.at }));
  again.addEventListener("click", () => selection.set({ seed: (selection.state.seed + 1) % 10_000 }));
  const run = async () => {
    const backend = await startBackend();
    const [model, rows, others] = await Promise.all([
      digitDiffusion(),
      digitRows("train"),
      digitRows("test"),
    ]);
    [net, train] = [model, rows];
    unseen = others.slice(0, 200).map((row) => nearest(row, rows).distance);
    page.device(`45,000 weights, on ${backend}`);
    selection.on(["seed", "steps", "solver"], () => void compute().catch(page.fails));
    selection.on(["digit"], () => drawn.length > 0 && showDigit());
    selection.on(["frame"], showFrame);
  };
  run().catch(page.fails);
  return page.element;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - (b[i] ?? 0)) ** 2, 0));
