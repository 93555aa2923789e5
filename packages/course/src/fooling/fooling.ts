import type { MnistCnn } from "@pellucid/cnn";
import { Rng } from "@pellucid/core-train";
import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { PellucidCompare } from "@pellucid/interpret/parts/compare";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { colorAt, paintInk, paintSigned } from "@pellucid/interpret/parts/paint";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { readyDigits } from "../digit-cnn/ready-digits.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { type LessonFacts, lessonPage, startBackend } from "../frame/lesson-page.ts";
import { lineChart } from "../frame/line-chart.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import { attack, attackAll, load, noise, predict } from "./program.ts";

interface FoolingState {
  readonly digit: number;
  readonly epsilon: number;
  /** The class to be predicted; 10 for any other. */
  readonly towards: number;
}

const start: FoolingState = { digit: 3, epsilon: 0.2, towards: 10 };
const names = Array.from({ length: 10 }, (_, i) => String(i));
const sizes = [0, 0.05, 0.1, 0.15, 0.2, 0.3];
const weights = new URL("../../../interpret/stories/nets/mnist-cnn.safetensors", import.meta.url);
const bestOf = (row: ArrayLike<number>): number => Array.from(row).indexOf(Math.max(...Array.from(row)));

/** The page "How little fools it?" */
export function fooling(source: string): HTMLElement {
  const digits = readyDigits();
  const digit = (i: number) => digits[i] ?? new Float32Array(784);
  const selection = lessonSelection("fooling", start, {
    digit: integerText(9),
    epsilon: numberText(0, 0.4),
    towards: integerText(10),
  });
  const compare = new PellucidCompare();
  compare.setAttribute("before", "original");
  compare.setAttribute("after", "attacked");
  const canvasOf = (label: string) =>
    html("canvas", { width: 28, height: 28, role: "img", "aria-label": label });
  const [before, after] = [canvasOf("The original digit"), canvasOf("The attacked digit")];
  before.slot = "before";
  after.slot = "after";
  compare.append(before, after);
  const change = canvasOf("The change of each pixel");
  const random = canvasOf("The control: a random change of the same size");
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Digits to attack");
  picker.items = digits.map((values, i) => ({ name: `Attack the ${i}`, values, height: 28, width: 28 }));
  const bars = new PellucidBars();
  bars.names = names;
  bars.setAttribute("label", "Probabilities of the attacked digit; press one to make it the target");
  bars.style.height = "300px";
  const towards = html(
    "select",
    { id: "towards" },
    html("option", { value: 10 }, "any other digit"),
    ...names.map((name, i) => html("option", { value: i }, name)),
  );
  const [control, verdict] = [testBadge(), testBadge()];
  const chart = html("div", { class: "chart-well" });
  const page = lessonPage({
    name: "fooling",
    question: "How little fools it?",
    lead: "Drag the line over the picture: left the original, right the attacked digit. How far may each pixel change before the network reads another digit?",
    goal: "say what an adversarial example is, and why noise of the same size is none.",
    stage: html(
      "div",
      { class: "fooling-stage" },
      html("div", {}, compare, html("div", { class: "pad-tools" }, picker)),
      html(
        "div",
        {},
        html("h2", {}, "What was changed"),
        html(
          "div",
          { class: "framed-pair" },
          html(
            "figure",
            {},
            html("div", { class: "framed" }, change),
            html("figcaption", {}, "by the attack"),
          ),
          html(
            "figure",
            {},
            html("div", { class: "framed" }, random),
            html("figcaption", {}, "at random, as much"),
          ),
        ),
        rangeLine(selection, "epsilon", {
          label: "Largest change of a pixel, ε",
          min: 0,
          max: 0.4,
          step: 0.01,
          text: (v) => v.toFixed(2),
        }),
        html("div", { class: "slider-line" }, html("label", { for: "towards" }, "Make it read"), towards),
        html("div", { class: "row" }, verdict, control),
      ),
      html("div", {}, html("h2", {}, "What it reads now"), bars),
    ),
    stageLabel: "A digit, its attack, and the answer",
    heights: [430, 1180],
    key: [
      ["plus", "more ink"],
      ["minus", "less ink"],
    ],
    tries: [
      attempt("Can the 1 be made an 8?", { digit: 1, towards: 8, epsilon: 0.3 }, ["yes", "no"]),
      attempt("Does the 4 fall at ε = 0.1?", { digit: 4, towards: 10, epsilon: 0.1 }, ["yes", "no"]),
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "All ten digits" },
        html("h2", {}, "All ten digits, at six sizes"),
        html(
          "p",
          { class: "prose" },
          "The share of the ten digits that is still read right: under attack, and with random changes of the same size. The control must stay high, or the attack proves nothing.",
        ),
        chart,
      ),
    ],
    care: "An attack that fails proves nothing: a better one may succeed. A change of 0.1 of each pixel is small to us only because we see the digit and not the pixels; that is what ε measures, not what we notice. Networks trained on attacked digits resist such changes, and not others.",
    formula:
      "find x′ with |x′ − x| ≤ ε in each pixel, so that margin(x′) = z[label] − max of the others is least\nx ← clip(x − α · sign(∂margin/∂x)),  40 steps        Madry et al., 2018",
    exercises: [
      {
        task: "Find the smallest ε, to 0.01, at which the 0 is read as something else.",
        solution:
          "Move the slider down until the badge says that it resists; the digit keeps its label below that.",
        set: () => selection.set({ digit: 0, towards: 10, epsilon: 0.3 }),
      },
      {
        task: "Make the 7 be read as a 2 with more than 90%.",
        solution: "Choose 2 as the target and raise ε; 0.3 is more than enough.",
        set: () => selection.set({ digit: 7, towards: 2, epsilon: 0.02 }),
        check: () => {
          const { digit: which, towards: aim } = selection.state;
          const p = which === 7 && aim === 2 ? (probabilities[2] ?? 0) : 0;
          return {
            solved: p > 0.9,
            says: which === 7 && aim === 2 ? `It reads a 2 with ${percent(p)}.` : "Attack the 7 towards 2.",
          };
        },
      },
    ],
    program: source,
  });
  function attempt(label: string, state: FoolingState, choices: readonly string[]) {
    return {
      label,
      does: () => {
        bars.toggleAttribute("covered", true);
        selection.set(state);
        page.guess.ask(label, choices);
      },
    };
  }
  let probabilities = new Float32Array(10);
  let net: MnistCnn | null = null;
  let turn = 0;
  let tested = false;
  let facts: LessonFacts = {};
  const show = async () => {
    const model = net;
    if (model === null) return;
    const mine = ++turn;
    const { digit: which, epsilon, towards: aim } = selection.state;
    const original = digit(which);
    const target = aim === 10 || aim === which ? null : aim;
    page.busy(true);
    const attacked = await attack(model, original, { label: which, towards: target, epsilon });
    const rng = new Rng(5);
    const shaken = noise(original, epsilon, () => rng.uniform([1], 0, 1).data[0] ?? 0);
    const [p = new Float32Array(10), q = new Float32Array(10)] = await predict(model, [attacked, shaken]);
    if (mine !== turn) return;
    page.busy(false);
    probabilities = Float32Array.from(p);
    const ink = colorAt(page.element, "ink");
    const inks = [colorAt(page.element, "plus"), colorAt(page.element, "minus")] as const;
    const grid = { height: 28, width: 28 };
    paintInk(before, { values: original, ...grid }, ink);
    paintInk(after, { values: attacked, ...grid }, ink);
    paintSigned(change, { values: attacked.map((v, i) => v - (original[i] ?? 0)), ...grid }, 0.4, inks);
    paintSigned(random, { values: shaken.map((v, i) => v - (original[i] ?? 0)), ...grid }, 0.4, inks);
    bars.values = p;
    bars.value = target;
    bars.rival = which;
    picker.value = which;
    towards.value = String(aim);
    const [read, still] = [bestOf(p), bestOf(q)];
    const fooled = target === null ? read !== which : read === target;
    markBadge(verdict, !fooled, fooled ? `Fooled: reads ${read}` : `Resists: reads ${read}`);
    markBadge(control, still === which, `Random change: reads ${still}`);
    if (page.guess.hidden)
      page.say(
        `With ε = ${short(epsilon)} the ${which} is read as `,
        html("b", {}, String(read)),
        ` (${percent(p[read] ?? 0)}).`,
      );
    page.hint(
      `Largest change: ${short(epsilon)}. Random changes of that size: read as ${still} (${percent(q[still] ?? 0)})`,
    );
    facts = { read, still, fooled };
    if (tested) page.ready(facts);
  };
  const all = async () => {
    const model = net;
    if (model === null) return;
    const rng = new Rng(5);
    const rows: { readonly attacked: number; readonly random: number }[] = [];
    for (const epsilon of sizes) {
      const bad = await attackAll(model, digits, epsilon);
      const shaken = digits.map((image) => noise(image, epsilon, () => rng.uniform([1], 0, 1).data[0] ?? 0));
      const right = (rowsOf: readonly Float32Array[]) => rowsOf.filter((p, i) => bestOf(p) === i).length / 10;
      rows.push({ attacked: right(await predict(model, bad)), random: right(await predict(model, shaken)) });
    }
    chart.replaceChildren(
      lineChart({
        x: sizes,
        lines: [
          { name: "attacked", values: rows.map((row) => row.attacked), color: "plus" },
          { name: "random change", values: rows.map((row) => row.random), color: "ink-3" },
        ],
        xLabel: "ε",
        yLabel: "read right",
        text: (v) => `${Math.round(100 * v)}%`,
      }),
    );
    tested = true;
    page.ready({
      ...facts,
      attackedAt03: rows.at(-1)?.attacked ?? -1,
      randomAt03: rows.at(-1)?.random ?? -1,
    });
  };
  page.guess.addEventListener("guess", () => {
    bars.removeAttribute("covered");
    void show().catch(page.fails);
  });
  picker.addEventListener("change", () => selection.set({ digit: picker.value ?? 0 }));
  towards.addEventListener("change", () => selection.set({ towards: Number(towards.value) }));
  bars.addEventListener("change", () => selection.set({ towards: bars.value ?? 10 }));
  const run = async () => {
    const [backend, file] = await Promise.all([startBackend(), fetch(weights.href)]);
    net = load(await file.arrayBuffer());
    page.device(`8,490 weights, on ${backend}`);
    selection.on(["digit", "epsilon", "towards"], () => void show().catch(page.fails));
    await show();
    await all();
  };
  run().catch(page.fails);
  return page.element;
}
