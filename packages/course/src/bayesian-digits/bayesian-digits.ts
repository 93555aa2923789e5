import { PellucidDrawPad } from "@pellucid/interpret/parts/draw-pad";
import { inkText } from "@pellucid/interpret/parts/ink-text";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { Rng } from "@pellucid/core-train";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { type DigitSamples, digitSamples } from "../frame/digit-samples.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { lineChart } from "../frame/line-chart.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./bayesian-digits.css?inline";
import {
  ask,
  type Asked,
  type BayesianDigits,
  calibration,
  coverage,
  strange,
  distinguished,
  trained,
} from "./program.ts";
import { spreadBars } from "./spread-bars.ts";

interface DigitState {
  readonly ink: Float32Array;
  readonly noise: number;
  readonly samples: number;
  /** How many of a hundred sets have to contain the right class. */
  readonly level: number;
}

const address = new URL("./bayesian-digits.safetensors", import.meta.url);
const noise = new Rng(2).uniform([64], 0, 1).data;
/** Of strange images, which have to have a higher score than digits. */
const enough = 0.85;

/** The page "Does it know when it does not know?" */
export function bayesianDigits(source: string): HTMLElement {
  const start: DigitState = { ink: new Float32Array(64), noise: 0, samples: 20, level: 90 };
  const selection = lessonSelection("bayesian-digits", start, {
    ink: inkText(64),
    noise: numberText(0, 1),
    samples: integerText(40),
    level: numberText(50, 99),
  });
  const pad = new PellucidDrawPad();
  pad.setAttribute("size", "8");
  pad.setAttribute("aria-label", "Draw a digit");
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Unseen digits");
  const clear = html("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    pad.clear();
    selection.set({ ink: Float32Array.from(pad.pixels), noise: 0 });
  });
  const spread = html("div", { class: "spread-well" });
  const split = html("p", { class: "sum-line" });
  const [apart, bright, honest, exchanged] = [testBadge(), testBadge(), testBadge(), testBadge()];
  const chart = html("div", { class: "chart-well" });
  const sets = html("p", { class: "sum-line" });
  const page = lessonPage({
    name: "bayesian-digits",
    style: css,
    question: "Does it know when it does not know?",
    lead: "Every weight of this network is a range, not a number. Each dot is one draw of all weights: where they agree it is sure. Add noise, or draw anything but a digit.",
    goal: "tell the two kinds of uncertainty apart, read a set that contains the right class as often as it promises, and test both.",
    stage: html(
      "div",
      { class: "gp-stage bayes-stage" },
      html("div", {}, html("h2", {}, "What draws of its weights say"), spread, split),
      html(
        "div",
        { class: "gp-controls" },
        html("div", { class: "small-pad" }, pad),
        html("div", { class: "row" }, clear),
        picker,
        rangeLine(selection, "noise", {
          label: "Noise",
          min: 0,
          max: 1,
          step: 0.05,
          text: (v) => `${Math.round(100 * v)}%`,
        }),
        rangeLine(selection, "samples", { label: "Draws", min: 2, max: 40, step: 1 }),
        rangeLine(selection, "level", {
          label: "Set contains it in",
          min: 50,
          max: 99,
          step: 1,
          text: (v) => `${v}%`,
        }),
      ),
    ),
    stageLabel: "A digit, and what draws of the weights say of it",
    heights: [480, 770],
    key: [
      ["minus", "one draw of all weights"],
      ["ink", "their mean"],
    ],
    tries: [
      {
        label: "An empty pad: what does it say?",
        does: () => {
          selection.set({ ink: new Float32Array(64), noise: 0 });
          spread.classList.add("covered");
          page.guess.ask("Your guess: with no ink at all it is", ["sure of one class", "sure of nothing"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does it notice strange images?" },
        html("h2", {}, "Does it notice strange images?"),
        html(
          "p",
          { class: "prose" },
          "200 unseen digits, and the same pixels in a random order: as bright, and nothing. A strange image must have the higher entropy than a digit in at least 85% of all pairs. The control goes by the amount of ink, which is the same: it must be at half.",
        ),
        html("div", { class: "row" }, apart, bright),
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Is the set honest?" },
        html("h2", {}, "Is the set honest?"),
        html(
          "p",
          { class: "prose" },
          "100 digits set the limit (conformal prediction), 100 others test it: the promised share of sets must contain the right class, up to chance. The control gives each digit the set of the next one: as large, and it must fail. Below, what a stated probability is worth.",
        ),
        html("div", { class: "row" }, honest, exchanged),
        sets,
        chart,
      ),
    ],
    care: "The ranges are those that its training found, with normal distributions for every weight by itself: true uncertainty can be larger. On images unlike all it has seen, draws may agree on nonsense. The promise of a set holds for digits like the held-out ones, on average over all of them, not for each digit.",
    formula:
      "w ~ N(μ, σ²);   H(mean p) = mean H(p) + I:   all = in the data + in the model\nloss = cross-entropy + 0.1 · KL(q‖p) ÷ N        Blundell et al., 2015; Kingma et al., 2015",
    exercises: [
      {
        task: "Promise 99%, and find the noise at which the set contains three classes or more. What does the most probable class say then?",
        solution:
          "Near half of noise. One class may still have twice the probability of the next: without the set one would take it for an answer. With a smaller promise the set of pure noise is empty: no class is as probable as the right ones usually are.",
        check: () => ({ solved: setNow.length >= 3, says: `The set has ${setNow.length} classes.` }),
      },
      {
        task: "Draw something that two draws of the weights take for different digits, with more than 60% each.",
        solution:
          "Halfway between two digits: a 4 whose top closes is a 9 for some draws. Then the part of the model grows.",
        check: () => {
          const winners = new Set(
            (asked?.each ?? [])
              .map((draw) => draw[0] ?? new Float32Array())
              .filter((row) => Math.max(...row) > 0.6)
              .map((row) => row.indexOf(Math.max(...row))),
          );
          return {
            solved: winners.size >= 2,
            says: `Draws that are sure name: ${[...winners].join(", ") || "nothing"}.`,
          };
        },
      },
    ],
    program: source,
  });

  let net: BayesianDigits | null = null;
  let samples: DigitSamples | null = null;
  let ofDigits: Asked | null = null;
  let ofStrange: Asked | null = null;
  let asked: Asked | null = null;
  let setNow: readonly number[] = [];
  const mixed = ({ ink, noise: share }: DigitState) =>
    ink.map((v, i) => (1 - share) * v + share * (noise[i] ?? 0));
  let turn = 0;
  const compute = async () => {
    if (net === null || samples === null || ofDigits === null) return;
    const mine = ++turn;
    const { state } = selection;
    const pixels = mixed(state);
    pad.pixels = pixels;
    const found = await ask(net, pixels, state.samples);
    if (mine !== turn) return;
    asked = found;
    const mean = found.mean[0] ?? new Float32Array(10);
    const { predict } = coverage(ofDigits.mean, samples.labels, state.level / 100);
    setNow = predict(mean);
    spread.replaceChildren(
      spreadBars({ each: found.each.map((draw) => draw[0] ?? new Float32Array(10)), mean, set: setNow }),
    );
    const [total, model] = [found.total[0] ?? 0, found.model[0] ?? 0];
    split.replaceChildren(
      "Entropy ",
      html("b", {}, short(total)),
      ` nats = ${short(total - model)} in the data + ${short(model)} in the model (draws disagree).`,
    );
    const best = mean.indexOf(Math.max(...mean));
    if (page.guess.hidden)
      page.say(
        setNow.length === 1 ? "Prediction: " : "It cannot tell: ",
        html("b", {}, setNow.length === 0 ? "no class" : setNow.join(", ")),
        setNow.length === 1
          ? ` (${percent(mean[best] ?? 0)}).`
          : setNow.length === 0
            ? " is like what it knows."
            : " are all possible.",
      );
    page.hint(
      `Most probable: ${best} with ${percent(mean[best] ?? 0)}; one network with the means says ${percent(Math.max(...(found.one[0] ?? [0])))}`,
    );
    showLevel();
  };
  const showLevel = () => {
    if (samples === null || ofDigits === null || ofStrange === null) return;
    const level = selection.state.level / 100;
    const { covered, exchanged: other, tested, size } = coverage(ofDigits.mean, samples.labels, level);
    const least = level * tested - 2.6 * Math.sqrt(level * (1 - level) * tested * 2);
    markBadge(
      honest,
      covered >= least,
      `Sets: ${covered} of ${tested} contain the digit, promised ${Math.round(level * tested)}`,
    );
    markBadge(exchanged, other >= least, `Control, sets of other digits: ${other} of ${tested}`);
    sets.textContent = `On average a set has ${short(size)} classes.`;
    const digitsApart = distinguished(ofDigits.total, ofStrange.total);
    const ink = (pixels: Float32Array) =>
      Array.from({ length: pixels.length / 64 }, (_, i) =>
        Math.round(1e3 * pixels.slice(64 * i, 64 * i + 64).reduce((a, b) => a + b, 0)),
      );
    const byInk = distinguished(ink(samples.pixels), ink(strange(samples.pixels)));
    markBadge(apart, digitsApart >= enough, `By entropy: ${percent(digitsApart)} of pairs`);
    markBadge(bright, byInk >= enough, `Control, by ink: ${percent(byInk)}`);
    page.ready({
      covered,
      tested,
      exchanged: other,
      apart: digitsApart,
      byInk,
      set: setNow.length,
      total: asked?.total[0] ?? 0,
    });
  };
  const showCalibration = () => {
    if (samples === null || ofDigits === null) return;
    const { bins, ece } = calibration(ofDigits.mean, samples.labels);
    const filled = bins.filter(({ count }) => count > 0);
    chart.replaceChildren(
      lineChart({
        x: filled.map(({ confidence }) => Math.round(100 * confidence)),
        lines: [
          { name: "read right", values: filled.map(({ accuracy }) => accuracy), color: "ink" },
          { name: "as stated", values: filled.map(({ confidence }) => confidence), color: "minus" },
        ],
        xLabel: `stated probability, %; mean gap ${percent(ece)}`,
        yLabel: "share",
        text: (v) => `${Math.round(100 * v)}%`,
      }),
    );
  };
  page.guess.addEventListener("guess", (event) => {
    spread.classList.remove("covered");
    void compute().catch(page.fails);
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === (setNow.length === 1 ? 0 : 1)));
  });
  pad.addEventListener("input", () => selection.set({ ink: Float32Array.from(pad.pixels), noise: 0 }));
  const take = (digit: number) => {
    const at = samples?.oneOfEach[digit] ?? 0;
    if (samples !== null) selection.set({ ink: samples.pixels.slice(64 * at, 64 * at + 64), noise: 0 });
  };
  picker.addEventListener("change", () => take(picker.value ?? 0));
  const run = async () => {
    const backend = await startBackend();
    net = trained(await (await fetch(address.href)).arrayBuffer());
    samples = await digitSamples(200);
    const { pixels, oneOfEach } = samples;
    picker.items = oneOfEach.map((at, digit) => ({
      name: `An unseen ${digit}`,
      values: pixels.slice(64 * at, 64 * at + 64),
      height: 8,
      width: 8,
    }));
    ofDigits = await ask(net, pixels, 10);
    ofStrange = await ask(net, strange(pixels), 10);
    showCalibration();
    page.device(`1,900 weights with a range each, on ${backend}`);
    if (selection.state.ink.every((v) => v === 0)) take(4);
    selection.on(["ink", "noise", "samples", "level"], () => void compute().catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
