import type { MnistCnn } from "@pellucid/cnn";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import type { StripMethod } from "@pellucid/interpret/parts/method-card";
import { type Cursor, PellucidMethodStrip } from "@pellucid/interpret/parts/method-strip";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { readyDigits } from "../digit-cnn/ready-digits.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import css from "./compare-methods.css?inline";
import { methodTexts } from "./method-texts.ts";
import {
  agreement,
  deletionTests,
  forgetful,
  load,
  mapsOf,
  type MethodName,
  methods,
  orders,
} from "./program.ts";

interface MethodsState {
  readonly digit: number;
  readonly target: number;
  /** How many layers, from the last, have forgotten. */
  readonly forgotten: number;
  readonly hide: number;
}

const start: MethodsState = { digit: 5, target: 5, forgotten: 0, hide: 0.4 };
const weights = new URL("../../../interpret/stories/nets/mnist-cnn.safetensors", import.meta.url);
const names = Array.from({ length: 10 }, (_, i) => String(i));

/** The page "Which explanation should I trust?" */
export function compareMethods(source: string): HTMLElement {
  const digits = readyDigits();
  const digit = (i: number) => digits[i] ?? new Float32Array(784);
  const selection = lessonSelection("compare-methods", start, {
    digit: integerText(9),
    target: integerText(9),
    forgotten: integerText(3),
    hide: numberText(0, 1),
  });
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Digits to explain");
  picker.items = digits.map((values, i) => ({ name: `Explain the ${i}`, values, height: 28, width: 28 }));
  picker.style.maxWidth = "400px";
  const target = html(
    "select",
    { id: "methods-target" },
    ...names.map((name, i) => html("option", { value: i }, name)),
  );
  const strip = new PellucidMethodStrip();
  const table = html("div", {
    class: "table-well",
    tabindex: 0,
    role: "region",
    "aria-label": "Both tests of each method",
  });
  const page = lessonPage({
    name: "compare-methods",
    style: css,
    question: "Which explanation should I trust?",
    lead: "Ten methods and a fake explain the same answer. Point at one map and all show that pixel. Then make the network forget, layer by layer: a map that stays was never about it.",
    goal: "put an explanation to two tests, deletion and randomized weights, and say which methods fail which.",
    stage: html(
      "div",
      { class: "methods-stage" },
      html(
        "div",
        { class: "methods-controls" },
        picker,
        html(
          "div",
          { class: "slider-line" },
          html("label", { for: "methods-target" }, "explain class"),
          target,
        ),
        rangeLine(selection, "forgotten", {
          label: "Layers that have forgotten",
          min: 0,
          max: 3,
          step: 1,
          text: (v) => ["none", "answer", "and conv 2", "all three"][v] ?? "",
        }),
        rangeLine(selection, "hide", {
          label: "Erase of the ink",
          min: 0,
          max: 1,
          step: 0.05,
          text: (v) => `${Math.round(100 * v)}%`,
        }),
      ),
      html(
        "div",
        { class: "methods-well" },
        html("h2", {}, "One cursor on all maps, one test below each"),
        strip,
      ),
    ),
    stageLabel: "Eleven maps of one answer",
    heights: [1030, 720],
    key: [
      ["plus", "speaks for the class"],
      ["minus", "against it"],
    ],
    tries: [
      {
        label: "All three layers have forgotten: which maps stay the same?",
        does: () => {
          selection.set({ forgotten: 3 });
          page.guess.ask("Your guess: besides the fake, the map that changes least is", [
            "Gradient",
            "Guided backprop",
            "Occlusion",
            "LRP",
          ]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Two tests of each method" },
        html("h2", {}, "Two tests, eleven maps"),
        html(
          "p",
          { class: "prose" },
          "Deletion: erasing what the map ranks first must lower the probability faster than 19 random orders. Randomized weights: with all layers as before training, the map must be another one: a rank agreement on the ink below 0.6.",
        ),
        table,
      ),
    ],
    care: "Passing both tests is necessary, not sufficient: a map of noise passes the second. Deleting makes images that the network was never trained on. And methods that fail here may do better on another network, or for another question.",
    formula:
      "deletion: area under p(class | most important ink erased)        Petsiuk et al., 2018\nrandomized weights: Spearman(|map|, |map of the net with fresh weights|)        Adebayo et al., 2018",
    exercises: [
      {
        task: "Explain the class 3 for the 5. Which maps turn blue where the 5 differs from a 3?",
        solution:
          "Those with signs: integrated gradients, DeepLIFT and gradient × input are negative at the upper left stroke, which speaks against a 3. Gradient (absolute) and LayerCAM show no signs.",
        set: () => selection.set({ digit: 5, target: 3, forgotten: 0 }),
      },
      {
        task: "Find a digit for which a method that passed before now fails the deletion test.",
        solution:
          "Press through the digits: Grad-CAM and LayerCAM, with maps of 8 × 8, fail on several, since they point next to thin strokes.",
      },
    ],
    program: source,
  });
  let net: MnistCnn | null = null;
  let file: ArrayBuffer | null = null;
  let turn = 0;
  const compute = async () => {
    if (net === null || file === null) return;
    const mine = ++turn;
    const { digit: which, target: aim, forgotten } = selection.state;
    const pixels = digit(which);
    picker.value = which;
    target.value = String(aim);
    strip.wait();
    page.busy(true);
    const own = await mapsOf(net, pixels, aim);
    if (mine !== turn) return;
    const [now, all] = [forgetful(file, forgotten), forgetful(file, 3)];
    const shown = forgotten === 0 ? own : await mapsOf(now, pixels, aim);
    const lost = await mapsOf(all, pixels, aim);
    now.dispose();
    all.dispose();
    if (mine !== turn) return;
    const { tests, random } = await deletionTests(
      net,
      pixels,
      aim,
      methods.map((name) => own[name]),
    );
    if (mine !== turn) return;
    page.busy(false);
    strip.data = {
      ink: pixels,
      height: 28,
      width: 28,
      random,
      orders,
      methods: methods.map((name, i): StripMethod => {
        const [title, asks] = methodTexts[name];
        const { curve, beats } = tests[i] ?? { curve: [], beats: 0 };
        return { title, asks, map: shown[name], curve, beats, control: name === "edges" };
      }),
    };
    await erase(own);
    const rows = methods.map((name, i) => {
      const beats = tests[i]?.beats ?? 0;
      const agreed = agreement(own[name], lost[name], pixels);
      return { name, beats, agreed };
    });
    const badge = (passed: boolean, text: string) =>
      html("td", {}, html("span", { class: `badge ${passed ? "passed" : "failed"}` }, text));
    table.replaceChildren(
      html(
        "table",
        { class: "plain" },
        html(
          "tr",
          {},
          html("th", { scope: "col" }, "method"),
          html("th", { scope: "col" }, "deletion"),
          html("th", { scope: "col" }, "randomized weights"),
        ),
        ...rows.map(({ name, beats, agreed }) =>
          html(
            "tr",
            {},
            html("th", { scope: "row" }, methodTexts[name][0]),
            badge(beats === orders, `${beats} of ${orders}`),
            badge(agreed < 0.6, `agreement ${short(agreed)}`),
          ),
        ),
      ),
    );
    const both = rows.filter(({ beats, agreed }) => beats === orders && agreed < 0.6);
    page.say(
      html("b", {}, String(both.length)),
      ` of ${methods.length} maps pass both tests for this ${which}.`,
    );
    page.hint(
      forgotten === 0
        ? "Maps of the trained network"
        : `Maps of the network after ${forgotten === 1 ? "its answer layer has" : `${forgotten} layers have`} forgotten`,
    );
    const edges = rows.at(-1);
    page.ready({
      both: both.length,
      edgesBeats: edges?.beats ?? -1,
      edgesAgreed: edges?.agreed ?? -1,
      integrated: rows[3]?.beats ?? -1,
      forgotten,
    });
  };
  const erase = async (maps: Record<MethodName, Float32Array> | null) => {
    if (net === null) return;
    latest = maps ?? latest;
    if (latest === null) return;
    const { digit: which, hide } = selection.state;
    const pixels = digit(which);
    strip.hide = hide;
    const ink = Array.from(pixels.keys()).filter((i) => (pixels[i] ?? 0) > 0.1);
    const many = Math.round(ink.length * hide);
    const known = latest;
    const left = methods.map((name) => {
      const rest = Float32Array.from(pixels);
      for (const i of ink.toSorted((a, b) => (known[name][b] ?? 0) - (known[name][a] ?? 0)).slice(0, many))
        rest[i] = 0;
      return rest;
    });
    const { probabilitiesOf } = await import("../digit-cnn/program.ts");
    const answers = await probabilitiesOf(net, left);
    strip.showLeft(
      left,
      answers.map((p) => {
        const best = p.indexOf(Math.max(...p));
        return `now ${best} (${percent(p[best] ?? 0)})`;
      }),
    );
  };
  let latest: Record<MethodName, Float32Array> | null = null;
  picker.addEventListener("change", () =>
    selection.set({ digit: picker.value ?? 0, target: picker.value ?? 0 }),
  );
  target.addEventListener("change", () => selection.set({ target: Number(target.value) }));
  strip.addEventListener("cursor", (event) => {
    if (event instanceof CustomEvent) strip.cursor = event.detail as Cursor | null;
  });
  const run = async () => {
    const [backend, answer] = await Promise.all([startBackend(), fetch(weights.href)]);
    file = await answer.arrayBuffer();
    net = load(file);
    page.device(`8,490 weights, on ${backend}`);
    selection.on(["digit", "target", "forgotten"], () => void compute().catch(page.fails));
    selection.on(["hide"], () => void erase(null).catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
