import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { PellucidCalculation } from "@pellucid/interpret/parts/calculation";
import { PellucidClassPicker } from "@pellucid/interpret/parts/class-picker";
import { type FlowSpot, PellucidLayerFlow } from "@pellucid/interpret/parts/layer-flow";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import css from "./digit-cnn.css?inline";
import { answerSentence } from "./answer-sentence.ts";
import { type DigitCalculations, digitCalculations } from "./digit-calculations.ts";
import { columns } from "./digit-layers.ts";
import { type DigitState, digitAddress } from "./digit-state.ts";
import { firstMaps, firstProbabilities } from "./first-answers.ts";
import { padTools } from "./pad-tools.ts";
import { readyDigits } from "./ready-digits.ts";
import { loadDigits, numbersOf, probabilitiesOf } from "./program.ts";
import { testedMaps } from "./tested-maps.ts";

const names = Array.from({ length: 10 }, (_, i) => String(i));
const weights = new URL("../../../interpret/stories/nets/mnist-cnn.safetensors", import.meta.url);

/** The page "How does a network read a digit?" */
export function digitCnn(source: string): HTMLElement {
  const digits = readyDigits();
  const digit = (i: number) => digits[i] ?? new Float32Array(784);
  const start: DigitState = {
    pixels: digit(3),
    ready: 3,
    spot: { layer: 0, unit: 2, row: 5, column: 12 },
    hover: null,
    cursor: null,
    target: null,
    rival: null,
    hide: 0.4,
  };
  const selection = lessonSelection("digit-cnn", start, digitAddress);
  const { pad, picker, tools } = padTools(digits);
  const flow = new PellucidLayerFlow();
  const bars = new PellucidBars();
  bars.names = names;
  bars.slot = "output";
  bars.style.height = "314px";
  const calculation = new PellucidCalculation();
  const chosen = new PellucidClassPicker();
  chosen.names = names;
  const output = html(
    "div",
    { slot: "output" },
    html(
      "div",
      { class: "pad-title" },
      html("h2", {}, "Answer"),
      html("p", { class: "does" }, "320 numbers, ten weighted sums, softmax"),
    ),
    bars,
  );
  pad.slot = "input";
  tools.slot = "tools";
  const padTitle = html(
    "div",
    { class: "pad-title", slot: "input-title" },
    html("h2", {}, "Your drawing"),
    html("p", { class: "does" }, "28 × 28 numbers from 0 to 1"),
  );
  flow.append(padTitle, pad, tools, output);
  const strip = testedMaps(selection);
  const half = digit(8).map((v, i) => (i % 28 > 12 || i < 6 * 28 || i >= 22 * 28 ? v : 0));
  const mixed = digit(4).map((v, i) => Math.max(v, 0.55 * (digit(9)[i] ?? 0)));
  const lying = Float32Array.from(
    { length: 784 },
    (_, i) => digit(7)[(27 - (i % 28)) * 28 + Math.floor(i / 28)] ?? 0,
  );
  const attempt = (label: string, pixels: Float32Array, more: Partial<DigitState> = {}) => ({
    label,
    does: () => {
      covered(true);
      take(pixels, null, more);
      page.guess.ask("Your guess: what will it read?", names);
      page.element.querySelector(".stage")?.scrollIntoView({ block: "nearest" });
    },
  });
  const page = lessonPage({
    name: "digit-cnn",
    style: css,
    question: "How does a network read a digit?",
    lead: "Draw one. Every number between your pen and the answer is on this page. Click any of them to see how it is computed.",
    goal: "compute any number of a convolutional network by hand, and test whether a heat map explains its answer.",
    stage: flow,
    stageLabel: "From the drawing to the answer",
    heights: [412, 1330],
    key: [
      ["plus", "positive"],
      ["minus", "negative"],
    ],
    tries: [
      attempt("Erase the left of an 8. Is it a 3?", half, { target: 3, rival: 8 }),
      attempt("A 4 on top of a 9", mixed, { target: 4, rival: 9 }),
      attempt("A 7 on its side", lying),
      attempt("An empty page", new Float32Array(784)),
    ],
    sections: [
      html("div", { class: "card calculation-card" }, calculation),
      html("section", { class: "block", "aria-label": "Why this answer" }, chosen, strip.element),
    ],
    care: "The dashed line under each map shows ink erased at random. A map passes when the probability falls faster than in all 19 random orders, which happens at random once in 20 times. A digit with holes looks like nothing the network was trained on, so part of the fall is surprise at the holes. LayerCAM shows only evidence for the answer.",
    formula:
      "convolution   y[r, c, k] = b[k] + Σ x[r + i, c + j, m] · w[i, j, m, k]\npool + ReLU   y[r, c, k] = max(0, x[2r, 2c, k], x[2r, 2c + 1, k], x[2r + 1, 2c, k], x[2r + 1, 2c + 1, k])\nanswer        z = b + x · w,   p = exp(z) ÷ Σ exp(z)",
    exercises: [
      {
        task: "How many pixels of the drawing does one number of the last pooling see? Compute it, then point at one and read the line under the picture.",
        solution:
          "A number of pool 2 sees 2 × 2 of convolution 2, each of those 5 × 5 of pool 1: 6 × 6 of pool 1, so 12 × 12 of convolution 1, and 16 × 16 pixels of the drawing.",
        set: () => selection.set({ spot: { layer: 3, unit: 4, row: 1, column: 1 } }),
      },
      {
        task: "Draw something that it reads as an 8 with more than 90%, and that nobody else would.",
        solution:
          "Two separate blobs, one above the other, are often enough. It must answer one of ten digits, and it was never shown anything that is none of them.",
        set: () => pad.clear(),
        check: () => {
          const p = probabilities[8] ?? 0;
          return p > 0.9
            ? { solved: true, says: `It reads an 8 with ${(100 * p).toFixed(1)}%.` }
            : { solved: false, says: `It reads an 8 with ${(100 * p).toFixed(1)}%.` };
        },
      },
      {
        task: "The map “Edges only” looks convincing. Which of its properties shows that it explains nothing?",
        solution:
          "It is the same whatever you ask: choose another class or another rival, and the four explanations change, but it stays. And erasing what it calls important changes the answer no faster than erasing at random.",
      },
    ],
    program: source,
  });

  let probabilities = new Float32Array(10);
  let calculations: DigitCalculations | null = null;
  let guessed: number | null = null;
  const covered = (on: boolean) => {
    flow.toggleAttribute("covered", on);
    bars.toggleAttribute("covered", on);
  };
  const asked = () => selection.state.target ?? probabilities.indexOf(Math.max(...probabilities));
  const say = () => {
    page.say(
      ...answerSentence(
        probabilities,
        selection.state.pixels.every((v) => v < 0.1),
        guessed,
      ),
    );
  };
  page.guess.addEventListener("guess", (event) => {
    covered(false);
    guessed = event instanceof CustomEvent ? event.detail : null;
    say();
  });
  const take = (pixels: Float32Array, ready: number | null, more: Partial<DigitState> = {}) => {
    pad.pixels = pixels;
    guessed = null;
    selection.set({ pixels, ready, target: null, rival: null, ...more });
  };
  let still: ReturnType<typeof setTimeout> | undefined;
  pad.addEventListener("input", () => {
    guessed = null;
    if (!page.guess.hidden) {
      page.guess.hidden = true;
      covered(false);
    }
    selection.set({ pixels: Float32Array.from(pad.pixels), ready: null, target: null, rival: null });
    flow.toggleAttribute("live", true);
    clearTimeout(still);
    still = setTimeout(() => flow.removeAttribute("live"), 900);
  });
  picker.addEventListener("change", () => {
    covered(false);
    page.guess.hidden = true;
    take(digit(picker.value ?? 0), picker.value);
  });
  const detailOf = (event: Event): unknown => (event instanceof CustomEvent ? event.detail : null);
  flow.addEventListener("pick", (event) => selection.set({ spot: detailOf(event) as FlowSpot }));
  flow.addEventListener("preview", (event) => {
    const [next, now] = [detailOf(event) as FlowSpot | null, selection.state.hover];
    if (JSON.stringify(next) !== JSON.stringify(now)) selection.set({ hover: next });
  });
  calculation.addEventListener("pick", (event) =>
    selection.set({ spot: { ...selection.state.spot, ...(detailOf(event) as object) } }),
  );
  bars.addEventListener("change", () => {
    const unit = bars.value ?? 0;
    const rival = selection.state.rival === unit ? null : selection.state.rival;
    selection.set({ target: unit, rival, spot: { layer: columns.length, unit, row: 0, column: 0 } });
  });
  chosen.addEventListener("change", () => selection.set({ target: chosen.value, rival: chosen.rival }));

  const showAsked = () => {
    [bars.value, bars.rival] = [asked(), selection.state.rival];
    chosen.value = asked();
    chosen.rival = selection.state.rival;
  };
  const showSpot = () => {
    if (calculations === null) return;
    const { spot, hover, rival } = selection.state;
    const at = hover ?? spot;
    flow.show(at, calculations.squares(at));
    flow.lines = calculations.lines(at, asked(), rival);
    page.hint(calculations.words(at));
  };
  const showAll = () => {
    if (calculations === null) return;
    flow.layers = columns.map((column, l) => ({ ...column, values: calculations?.numbers[l] ?? [] }));
    bars.values = probabilities;
    calculation.data = calculations.calculation(selection.state.spot, probabilities);
    showAsked();
    showSpot();
    if (page.guess.hidden) say();
  };

  const run = async () => {
    const [backend, file] = await Promise.all([startBackend(), fetch(weights.href)]);
    const net = loadDigits(await file.arrayBuffer());
    const calculate = await digitCalculations(net);
    page.device(`8,490 weights, on ${backend}`);
    let [running, again] = [false, false];
    const look = async () => {
      again = true;
      if (running) return;
      running = true;
      while (again) {
        again = false;
        const { pixels } = selection.state;
        const numbers = await numbersOf(net, pixels);
        probabilities = softmaxOf(numbers[4] ?? new Float32Array(10));
        calculations = calculate(pixels, numbers);
        showAll();
      }
      running = false;
      strip.explainSoon(
        net,
        asked,
        () => page.ready({ predicted: probabilities.indexOf(Math.max(...probabilities)), ...strip.facts() }),
        page,
      );
    };
    strip.ask((drawings) => probabilitiesOf(net, drawings));
    selection.on(["pixels"], ({ ready }) => {
      picker.value = ready;
      void look();
    });
    selection.on(["spot"], ({ spot }) => {
      flow.spot = spot;
      if (calculations !== null) calculation.data = calculations.calculation(spot, probabilities);
    });
    selection.on(["spot", "hover", "target", "rival"], showSpot);
    selection.on(["target", "rival"], () => {
      showAsked();
      if (!running) void look();
    });
  };
  pad.pixels = selection.state.pixels;
  const { ready } = selection.state;
  if (ready !== null) {
    probabilities = firstProbabilities(ready);
    bars.values = probabilities;
    showAsked();
    say();
  }
  const first = ready === 3 ? firstMaps() : [];
  flow.layers = columns.map((column, l) => ({ ...column, values: first[l] ?? [] }));
  flow.outputs = bars.rows;
  flow.spot = selection.state.spot;
  run().catch(page.fails);
  return page.element;
}

function softmaxOf(scores: Float32Array): Float32Array<ArrayBuffer> {
  const most = Math.max(...scores);
  const powers = Float32Array.from(scores, (z) => Math.exp(z - most));
  const all = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / all);
}
