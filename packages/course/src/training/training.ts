import { Rng } from "@pellucid/core-train";
import { type AddressText, integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { lineChart } from "../frame/line-chart.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, resetBadge, testBadge } from "../frame/test-badge.ts";
import css from "./training.css?inline";
import { flowRows } from "./flow-rows.ts";
import { Plane } from "./plane.ts";
import { type Points, pointsOf, Run, type Setup } from "./program.ts";

interface TrainingState {
  readonly data: Setup["data"];
  readonly activation: Setup["activation"];
  readonly optimizer: Setup["optimizer"];
  /** The exponent of the learning rate: 10 to the power of it. */
  readonly rate: number;
  readonly zero: number;
  readonly seed: number;
}

const start: TrainingState = {
  data: "moons",
  activation: "tanh",
  optimizer: "adam",
  rate: -2,
  zero: 0,
  seed: 0,
};
function oneOf<Value extends string>(values: readonly Value[]): AddressText<Value> {
  return { write: (value) => value, read: (text) => values.find((value) => value === text) };
}

/** The page "What happens in one step of training?" */
export function training(source: string): HTMLElement {
  const selection = lessonSelection("training", start, {
    data: oneOf(["moons", "spirals"]),
    activation: oneOf(["tanh", "relu", "none"]),
    optimizer: oneOf(["sgd", "adam"]),
    rate: numberText(-4, 1),
    zero: integerText(1),
    seed: integerText(99),
  });
  const plane = new Plane();
  const loss = html("div", { class: "chart-well" });
  const flows = html("div", { class: "flows" });
  const play = html("button", { type: "button", class: "pill" }, "▶ Train");
  const one = html("button", { type: "button", class: "pill" }, "One step");
  const anew = html("button", { type: "button", class: "pill" }, "Start anew");
  const select = <Key extends "data" | "activation" | "optimizer">(
    key: Key,
    label: string,
    names: Readonly<Record<string, string>>,
  ) => {
    const element = html(
      "select",
      { id: `training-${key}` },
      ...Object.entries(names).map(([value, name]) => html("option", { value }, name)),
    );
    element.addEventListener("change", () =>
      selection.set({ [key]: element.value } as Partial<TrainingState>),
    );
    selection.on([key], (state) => (element.value = state[key]));
    return html("div", { class: "slider-line" }, html("label", { for: `training-${key}` }, label), element);
  };
  const [verdict, control] = [testBadge("train at least 100 steps"), testBadge("control: not trained yet")];
  const page = lessonPage({
    name: "training",
    style: css,
    question: "What happens in one step of training?",
    lead: "Press “One step”, then “Train”. The plane shows what the network predicts everywhere, the curve its loss, the bars whether every layer learns.",
    goal: "read a loss curve and a gradient flow, and recognize four ways in which training dies.",
    stage: html(
      "div",
      { class: "training-stage" },
      html("div", {}, plane.element, html("div", { class: "row controls" }, play, one, anew)),
      html(
        "div",
        {},
        html("h2", {}, "Loss, on the points that it sees and on others"),
        loss,
        html("h2", {}, "Gradient ÷ weight, layer by layer"),
        flows,
      ),
      html(
        "div",
        { class: "gp-controls" },
        select("data", "points", { moons: "two moons", spirals: "two spirals" }),
        select("activation", "activation", { tanh: "tanh", relu: "ReLU", none: "none" }),
        select("optimizer", "optimizer", { adam: "Adam", sgd: "SGD" }),
        rangeLine(selection, "rate", {
          label: "learning rate",
          min: -4,
          max: 1,
          step: 0.5,
          text: (v) => (10 ** v).toPrecision(1),
        }),
        rangeLine(selection, "zero", {
          label: "start at 0",
          min: 0,
          max: 1,
          step: 1,
          text: (v) => (v === 1 ? "yes" : "no"),
        }),
      ),
    ),
    stageLabel: "A network in training",
    heights: [520, 1150],
    key: [
      ["plus", "class 1"],
      ["minus", "class 0"],
    ],
    tries: [
      attempt("All weights start at 0: does it learn?", { zero: 1, optimizer: "sgd", rate: -1 }),
      attempt("No activation, on moons: does it learn?", { activation: "none" }),
      attempt("The learning rate times 1,000: does it learn?", { rate: 1, optimizer: "sgd" }),
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Did it learn, or memorize?" },
        html("h2", {}, "Did it learn, or memorize?"),
        html(
          "p",
          { class: "prose" },
          "The test: points that it has never seen. The control is a second network, trained together with the first on the same points with shuffled labels, where there is nothing to learn: on new points it must stay near 50%.",
        ),
        html("div", { class: "row" }, verdict, control),
      ),
    ],
    care: "A loss that falls says only that it does better on what it was shown. Points of the plane are few and of two numbers; what helps here need not help with images. One seed is one example: press “Start anew” for another.",
    formula:
      "loss = −mean log softmax(z)[label]\nSGD: w ← w − rate · g;   Adam: w ← w − rate · m ÷ (√v + ε)        Kingma and Ba, 2015\nflow = ‖g‖ ÷ ‖w‖ of each parameter",
    exercises: [
      {
        task: "Reach 95% on new points of the two spirals.",
        solution:
          "Adam with a rate of 0.01 and tanh needs a few hundred steps; without activation it can never do it.",
        set: () => selection.set({ ...start, data: "spirals" }),
        check: () => ({
          solved: selection.state.data === "spirals" && tested >= 0.95,
          says: `${percent(tested)} of new points, on the ${selection.state.data}.`,
        }),
      },
      {
        task: "Start at 0 with SGD. Which bars are at zero, and why is it stuck?",
        solution:
          "All weights of a layer get the same gradient, and those before a zero layer get none: only the last bias moves. That is why weights are drawn at random.",
        set: () => selection.set({ ...start, zero: 1, optimizer: "sgd" }),
      },
    ],
    program: source,
  });
  function attempt(label: string, state: Partial<TrainingState>) {
    return {
      label,
      does: () => {
        selection.set({ ...start, ...state });
        page.guess.ask(label, ["yes", "no"]);
      },
    };
  }

  let made: {
    readonly run: Run;
    readonly fake: Run;
    readonly points: { readonly train: Points; readonly test: Points };
  } | null = null;
  let history: { readonly step: number; readonly train: number; readonly test: number }[] = [];
  let steps = 0;
  let tested = 0;
  let playing = false;
  let working = Promise.resolve();
  const setup = (): Setup => {
    const { data, activation, optimizer, rate, zero, seed } = selection.state;
    return { data, activation, optimizer, learningRate: 10 ** rate, zeroInit: zero === 1, seed };
  };
  const train = async (many: number) => {
    if (made === null) return;
    const { run, fake, points } = made;
    try {
      const { loss: now, flow } = await run.step(many);
      await fake.step(many).catch(() => {});
      steps += many;
      const other = await run.probabilities(points.test.x);
      const testLoss =
        other.reduce((sum, p, i) => sum - Math.log(Math.max(1e-7, points.test.y[i] === 1 ? p : 1 - p)), 0) /
        other.length;
      history = [...history, { step: steps, train: now, test: testLoss }].slice(-200);
      flows.replaceChildren(...flowRows(flow));
    } catch (error) {
      playing = false;
      play.textContent = "▶ Train";
      page.say("Training has died: ", html("b", {}, String(error).slice(0, 90)));
      return;
    }
    tested = await run.accuracy(points.test);
    const shuffled = await fake.accuracy(points.test);
    plane.paint(await run.probabilities(plane.grid(selection.state.data)));
    const values = history;
    const most = Math.max(1, ...values.map(({ train: v }) => Math.min(v, 3)));
    loss.replaceChildren(
      lineChart({
        x: values.map(({ step }) => step),
        lines: [
          { name: "seen", values: values.map((v) => v.train), color: "ink" },
          { name: "new points", values: values.map((v) => v.test), color: "plus" },
        ],
        xLabel: "step",
        yLabel: "loss",
        text: (v) => short(v, 1),
        range: [0, most],
      }),
    );
    if (steps >= 100) {
      markBadge(verdict, tested >= 0.9, `New points: ${percent(tested)} right`);
      markBadge(control, shuffled >= 0.9, `Control, shuffled labels: ${percent(shuffled)}`);
    }
    page.say(
      "After ",
      html("b", {}, String(steps)),
      ` ${steps === 1 ? "step" : "steps"} it classifies ${percent(tested)} of new points right.`,
    );
    page.hint(
      `Loss ${short(history.at(-1)?.train ?? 0, 3)} on points that it sees, ${short(history.at(-1)?.test ?? 0, 3)} on others`,
    );
    page.ready({ steps, tested, shuffled, loss: history.at(-1)?.train ?? Number.NaN });
  };
  /** One after the other. */
  const queue = (work: () => Promise<void>) => {
    working = working.then(work).catch(page.fails);
    return working;
  };
  const reset = () =>
    queue(async () => {
      made?.run.dispose();
      made?.fake.dispose();
      const points = pointsOf(setup());
      const rng = new Rng(99);
      const keys = Array.from(points.train.y, () => rng.uniform([1], 0, 1).data[0] ?? 0);
      const order = keys.map((_, i) => i).toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
      const shuffled = Int32Array.from(order, (i) => points.train.y[i] ?? 0);
      made = { run: new Run(setup(), points.train), fake: new Run(setup(), points.train, shuffled), points };
      [history, steps] = [[], 0];
      resetBadge(verdict, "train at least 100 steps");
      resetBadge(control, "control: not trained yet");
      plane.show(points.train, selection.state.data);
      await train(1);
    });
  const loop = async () => {
    while (playing && page.element.isConnected && steps < 2000) {
      await queue(() => train(10));
      await new Promise(requestAnimationFrame);
    }
    playing = false;
    play.textContent = "▶ Train";
  };
  play.addEventListener("click", () => {
    playing = !playing;
    play.textContent = playing ? "❚❚ Pause" : "▶ Train";
    if (playing) void loop();
  });
  one.addEventListener("click", () => void queue(() => train(1)));
  anew.addEventListener("click", () => selection.set({ seed: (selection.state.seed + 1) % 100 }));
  page.guess.addEventListener("guess", () => void queue(() => train(100)));
  const begin = async () => {
    page.device(`354 weights, on ${await startBackend()}`);
    selection.on(["data", "activation", "optimizer", "rate", "zero", "seed"], () => {
      playing = false;
      void reset();
    });
  };
  begin().catch(page.fails);
  return page.element;
}
