import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { StateMap } from "../frame/state-map.ts";
import { type DigitSamples, digitSamples } from "../frame/digit-samples.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import { accuracyChart } from "./accuracy-chart.ts";
import { decision } from "./decision.ts";
import { membraneChart } from "./membrane-chart.ts";
import { membraneSum } from "./membrane-sum.ts";
import { storedNets } from "./stored-nets.ts";
import {
  accuracyByTime,
  classCounts,
  type Code,
  look,
  type Looked,
  membraneByHand,
  neurons,
  times,
} from "./program.ts";

interface SpikesState {
  readonly digit: number;
  readonly neuron: number;
  readonly time: number;
  readonly threshold: number;
  readonly beta: number;
  /** 0 for many spikes, 1 for early ones. */
  readonly code: number;
}

const start: SpikesState = { digit: 3, neuron: 5, time: times - 1, threshold: 1, beta: 0.9, code: 0 };
const codes: readonly Code[] = ["rate", "latency"];

/** The page "When does it decide?" */
export function spikes(source: string): HTMLElement {
  const selection = lessonSelection("spikes", start, {
    digit: integerText(9),
    neuron: integerText(neurons - 1),
    time: integerText(times - 1),
    threshold: numberText(0.25, 3),
    beta: numberText(0, 1),
    code: integerText(1),
  });
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Unseen digits");
  const raster = new StateMap("Spikes: 48 neurons by time steps. Arrow keys choose a neuron and a time.");
  raster.element.classList.add("raster");
  const player = new PellucidPlayer();
  player.setAttribute("label", "time step");
  player.steps = times;
  player.rate = 4;
  const bars = new PellucidBars();
  bars.names = Array.from({ length: 10 }, (_, i) => String(i));
  bars.setAttribute("label", "Spikes of each class so far, as a share of the time steps");
  bars.style.height = "290px";
  const trace = html("div", { class: "chart-well" });
  const sum = html("p", { class: "sum-line" });
  const curve = html("div", { class: "chart-well" });
  const energy = html("p", { class: "sum-line" });
  const [verdict, control] = [testBadge(), testBadge()];
  const pills = ["many spikes (rate)", "early spikes (latency)"].map((text, i) => {
    const button = html("button", { type: "button", class: "pill", "aria-pressed": "false" }, text);
    button.addEventListener("click", () => selection.set({ code: i }));
    return button;
  });
  const page = lessonPage({
    name: "spikes",
    question: "When does it decide?",
    lead: "This network reads a digit with spikes, over 20 time steps. Press play, point at a neuron to see its membrane, and change how leaky it is or how high its threshold.",
    goal: "compute a membrane step by step, tell two codes of spikes apart, and test whether it matters which neuron spikes.",
    stage: html(
      "div",
      { class: "gp-stage spikes-stage" },
      html(
        "div",
        {},
        picker,
        player,
        html("h2", {}, "Spikes of 48 neurons, one column a time step"),
        raster.element,
      ),
      html(
        "div",
        { class: "gp-controls" },
        html("h2", {}, "Spikes so far"),
        bars,
        rangeLine(selection, "threshold", {
          label: "Threshold",
          min: 0.25,
          max: 3,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        rangeLine(selection, "beta", {
          label: "Kept, β",
          min: 0,
          max: 1,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        html("div", { class: "row" }, ...pills),
      ),
    ),
    stageLabel: "From spikes of pixels to a class",
    heights: [560, 1010],
    key: [["plus", "a spike"]],
    tries: [
      {
        label: "β = 0: nothing is kept from step to step. Does it still read the digit?",
        does: () => {
          selection.set({ ...start, digit: selection.state.digit, beta: 0 });
          bars.toggleAttribute("covered", true);
          page.guess.ask("Your guess:", ["yes", "no, it falls silent"]);
        },
      },
      {
        label: "One early spike a pixel: with how few spikes can it do?",
        does: () => selection.set({ ...start, digit: selection.state.digit, code: 1 }),
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "One membrane" },
        html("h2", {}, "One membrane, taken apart"),
        sum,
        trace,
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Does it matter who spikes?" },
        html("h2", {}, "Does it matter which neuron spikes?"),
        html(
          "p",
          { class: "prose" },
          "200 unseen digits, read after each time step by the class that has spiked most. The control gives the spikes of each hidden neuron to another one: as many spikes, at the same times. If only their number mattered, it would read as well; it must fall to about one in ten.",
        ),
        html("div", { class: "row" }, verdict, control),
        curve,
        energy,
      ),
    ],
    care: "A rate code draws its spikes at random, so that another draw may give another answer. The additions count what the weights have to do; a chip also spends energy to read them and to keep membranes. The network was trained with a threshold of 1 and β = 0.9, with gradients of a smooth function in place of the step: other values show what it can bear, not what it could learn.",
    formula:
      "m[t] = β m[t − 1] + current[t] − threshold · (m[t − 1] > threshold)\nspike[t] = m[t] > threshold;   the gradient of a spike: 1 ÷ (1 + (π m)²)        Fang et al., 2021; Eshraghian et al., 2023",
    exercises: [
      {
        task: "Find a neuron that spikes at least ten times for this digit, and one that never does.",
        solution:
          "Long rows of marks are neurons whose weights fit the digit; an empty row is one that the digit holds down.",
        check: () => {
          const count = spikeCount();
          return {
            solved: count >= 10 || count === 0,
            says: `Neuron ${selection.state.neuron + 1} spikes ${count} times.`,
          };
        },
      },
      {
        task: "Raise the threshold until it needs more than ten time steps for 80% of the digits. What does it gain?",
        solution:
          "Near 1.5 and above, the curve rises later. It spikes less, so that there are fewer additions: time is paid for with energy.",
        set: () => selection.set(start),
        check: () => {
          const at = accuracy.findIndex((p) => p >= 0.8);
          return {
            solved: at < 0 || at >= 10,
            says: at < 0 ? "It never gets there." : `80% after ${at + 1} steps.`,
          };
        },
      },
    ],
    program: source,
  });

  let nets: Awaited<ReturnType<typeof storedNets>> | null = null;
  let samples: DigitSamples | null = null;
  let found: Looked | null = null;
  let accuracy: readonly number[] = [];
  const codeNow = (): Code => codes[selection.state.code] ?? "rate";
  const spikeCount = () =>
    (found?.spikes ?? []).reduce((n, row) => n + (row[selection.state.neuron] ?? 0), 0);
  const showTime = () => {
    if (found === null) return;
    const { time, neuron, threshold, beta } = selection.state;
    player.at = time;
    raster.at = [neuron, time];
    bars.values = classCounts(found, time).map((n) => n / times);
    const taken = membraneByHand(found, neuron, time, { threshold, beta });
    const { membrane } = taken;
    sum.replaceChildren(`Neuron ${neuron + 1}, step ${time + 1}: `, ...membraneSum(taken, threshold));
    page.hint(
      `Neuron ${neuron + 1} at step ${time + 1}: membrane ${short(membrane)}${membrane > threshold ? ", a spike" : ""}`,
    );
  };
  const showNeuron = () => {
    if (found === null) return;
    const { neuron, threshold } = selection.state;
    const values = found.membranes.map((row) => row[neuron] ?? 0);
    trace.replaceChildren(membraneChart(values, threshold));
    showTime();
  };
  let turn = 0;
  const compute = async () => {
    const mine = ++turn;
    const code = codeNow();
    if (samples === null || nets === null) return;
    const net = nets[code];
    const { threshold, beta, digit } = selection.state;
    pills.forEach((pill, i) => pill.setAttribute("aria-pressed", String(i === selection.state.code)));
    picker.value = digit;
    net.set(threshold, beta);
    const at = samples.oneOfEach[digit] ?? 0;
    const looked = await look(net, samples.pixels.slice(64 * at, 64 * at + 64), code);
    const [x, y] = [tensor2d(samples.pixels, [samples.count, 64]), tensor1d(samples.labels, "int32")];
    const { real, exchanged } = await accuracyByTime(net, x, y, code);
    x.dispose();
    y.dispose();
    if (mine !== turn) return;
    found = looked;
    accuracy = Array.from(real);
    raster.show(
      looked.spikes.map((row) => Array.from(row)),
      neurons,
    );
    const last = real.at(-1) ?? 0;
    const fake = exchanged.at(-1) ?? 0;
    markBadge(verdict, last >= 0.8, `Spikes as they are: ${percent(last)}`);
    markBadge(control, fake >= 0.8, `Control, of other neurons: ${percent(fake)}`);
    curve.replaceChildren(accuracyChart(accuracy, Array.from(exchanged)));
    const { synapticOperations: additions, denseOperations: products } = looked.work;
    energy.replaceChildren(
      "For this digit: ",
      html("b", {}, additions.toLocaleString("en")),
      ` additions; if every number counted at every step, ${products.toLocaleString("en")} multiplications.`,
    );
    showNeuron();
    sayNow();
    const { neuron, time } = selection.state;
    page.ready({
      accuracy: last,
      exchanged: fake,
      additions,
      difference: Math.abs(
        membraneByHand(looked, neuron, time, { threshold, beta }).membrane -
          (looked.membranes[time]?.[neuron] ?? 0),
      ),
    });
  };
  const sayNow = () => {
    if (!page.guess.hidden || found === null) return;
    const decided = decision(found);
    if (decided === null) page.say("No class spikes: ", html("b", {}, "no answer"), ".");
    else
      page.say(
        "Prediction: ",
        html("b", {}, String(decided.digit)),
        `, from time step ${decided.time + 1} on.`,
      );
  };
  page.guess.addEventListener("guess", (event) => {
    bars.removeAttribute("covered");
    sayNow();
    const isSilent = found !== null && decision(found) === null;
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === (isSilent ? 1 : 0)));
  });
  picker.addEventListener("change", () => selection.set({ digit: picker.value ?? 0 }));
  player.addEventListener("step", () => selection.set({ time: player.at }));
  raster.element.addEventListener("pick", (event) => {
    if (event instanceof CustomEvent) selection.set({ neuron: event.detail[0], time: event.detail[1] });
  });
  const run = async () => {
    const backend = await startBackend();
    samples = await digitSamples(200);
    nets = await storedNets();
    const { pixels, oneOfEach } = samples;
    picker.items = oneOfEach.map((at, digit) => ({
      name: `An unseen ${digit}`,
      values: pixels.slice(64 * at, 64 * at + 64),
      height: 8,
      width: 8,
    }));
    page.device(`3,600 weights, on ${backend}`);
    selection.on(["digit", "threshold", "beta", "code"], () => void compute().catch(page.fails));
    selection.on(["neuron"], showNeuron);
    selection.on(["time"], showTime);
  };
  run().catch(page.fails);
  return page.element;
}
