import type { MnistCnn } from "@pellucid/cnn";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { short } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { colorAt, paintInk } from "@pellucid/interpret/parts/paint";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { drawnDigits } from "../../../interpret/stories/drawn-digits.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, resetBadge, testBadge } from "../frame/test-badge.ts";
import css from "./neurons.css?inline";
import {
  agreement,
  firing,
  type LayerName,
  layers,
  load,
  optimizeUnits,
  type Patch,
  seenPart,
  shapes,
  shuffled,
  strongest,
} from "./program.ts";

interface NeuronsState {
  readonly layer: number;
  readonly unit: number;
  readonly smooth: number;
  readonly jitter: number;
}

const start: NeuronsState = { layer: 1, unit: 4, smooth: 0.02, jitter: 1 };
const steps = 64;
const many = 300;
const weights = new URL("../../../interpret/stories/nets/mnist-cnn.safetensors", import.meta.url);
const titles: Readonly<Record<LayerName, string>> = {
  conv1: "Convolution 1",
  conv2: "Convolution 2",
  fc: "Answer",
};

/** The page "What does a neuron respond to?" */
export function neurons(source: string): HTMLElement {
  const selection = lessonSelection("neurons", start, {
    layer: integerText(layers.length - 1),
    unit: integerText(19),
    smooth: numberText(0, 0.3),
    jitter: integerText(3),
  });
  const grid = new PellucidPicker();
  grid.setAttribute("label", "The neurons of the layer");
  grid.style.setProperty("--thumb", "104px");
  const pills = layers.map((layer, i) => {
    const button = html("button", { type: "button", class: "pill", "aria-pressed": "false" }, titles[layer]);
    button.addEventListener("click", () =>
      selection.set({ layer: i, unit: Math.min(selection.state.unit, shapes[layer].units - 1) }),
    );
    return button;
  });
  const canvasOf = (label: string) =>
    html("canvas", { width: 1, height: 1, role: "img", "aria-label": label });
  const large = canvasOf("The image that the neuron responds to most");
  const patches = Array.from({ length: 9 }, (_, i) => canvasOf(`What it saw in digit ${i + 1} of nine`));
  const title = html("h2", {}, "One neuron");
  const same = html("p", { class: "sum-line" });
  const [verdict, control] = [testBadge(), testBadge()];
  const page = lessonPage({
    name: "neurons",
    style: css,
    question: "What does a neuron respond to?",
    lead: "Each picture was grown from noise until one neuron fires as strongly as it can. Choose a neuron, compare its picture with the digits that fire it most, and turn off what makes the pictures smooth.",
    goal: "read a picture of a neuron, say what in it comes from the network and what from our taste, and test it on real digits.",
    stage: html(
      "div",
      { class: "gp-stage neurons-stage" },
      html(
        "div",
        {},
        html("div", { class: "row" }, ...pills),
        html("h2", {}, "Grown for each neuron: the region that it sees"),
        grid,
      ),
      html(
        "div",
        { class: "gp-controls" },
        title,
        html("div", { class: "framed large" }, large),
        html("h2", {}, "Digits that fire it most"),
        html("div", { class: "patches" }, ...patches),
        same,
        rangeLine(selection, "smooth", {
          label: "Smoothness",
          min: 0,
          max: 0.3,
          step: 0.01,
          text: (v) => v.toFixed(2),
        }),
        rangeLine(selection, "jitter", { label: "Random shift", min: 0, max: 3, step: 1 }),
      ),
    ),
    stageLabel: "Pictures of neurons",
    heights: [700, 1330],
    tries: [
      {
        label: "Without smoothing and shifts: does the neuron fire more or less?",
        does: () => {
          before = fires;
          selection.set({ smooth: 0, jitter: 0 });
          page.guess.ask("Your guess:", ["more", "less"]);
        },
      },
      {
        label: "The answer neuron of the 7: is its picture a 7?",
        does: () => selection.set({ ...start, layer: 2, unit: 7 }),
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does the form matter?" },
        html("h2", {}, "Does the form matter, or only the ink?"),
        html(
          "p",
          { class: "prose" },
          `The test: the picture must fire its neuron more than any of ${many} digits does. The control has the same pixels in a random order. As much ink, no form: it must fire less than the best digit.`,
        ),
        html("div", { class: "row" }, verdict, control),
      ),
    ],
    care: "Such pictures are in no data set, and a picture that fires a neuron most need not be what the neuron is for: it may fire for other things nearly as much. Smoothness and shifts are our choice, not the network's; without them the pictures fire the neuron more and tell us less. The digits that fire it most come from 300 drawn ones; other data would show others. Strokes of digits already fire convolution 1 nearly as much as anything can, so that with smoothness its pictures lose the test.",
    formula:
      "max over x of z[neuron](x) − λ Σ |difference of neighbors|, by Adam on the pixels, 64 steps, with a random shift before each        Erhan et al., 2009; Olah et al., 2017\nagreement = Pearson's correlation of the picture with the mean of the nine regions",
    exercises: [
      {
        task: "Find a neuron of convolution 2 whose picture agrees with its digits by more than 0.85.",
        solution:
          "Neuron 19: its picture and its digits show the same stroke. The ten answers agree with their digits by less than 0.4: what fires an answer most is not a digit.",
        set: () => selection.set(start),
        check: () => ({
          solved: selection.state.layer === 1 && agrees > 0.85,
          says: `Neuron ${selection.state.unit + 1} agrees by ${short(agrees)}.`,
        }),
      },
      {
        task: "Set smoothness to 0.3. Which neurons of convolution 2 lose their picture, and what does it mean?",
        solution:
          "Those that respond to fine lines: the price of differences is then higher than what the neuron gains. A picture is always a compromise with our taste.",
        set: () => selection.set({ ...start, smooth: 0.3 }),
      },
    ],
    program: source,
  });

  let net: MnistCnn | null = null;
  let digits = new Float32Array();
  let images: Float32Array | null = null;
  let grownLayer: LayerName | null = null;
  let tops: readonly (readonly Patch[])[] = [];
  let [fires, before, agrees] = [0, 0, 0];
  let stop = new AbortController();
  const layerNow = (): LayerName => layers[selection.state.layer] ?? "conv2";
  const imageOf = (unit: number) => images?.slice(784 * unit, 784 * (unit + 1)) ?? new Float32Array(784);
  const showGrid = () => {
    const layer = layerNow();
    const { units, field } = shapes[layer];
    grid.items = Array.from({ length: units }, (_, unit) => ({
      name: layer === "fc" ? `The answer ${unit}` : `Neuron ${unit + 1}`,
      values: seenPart(layer, imageOf(unit)),
      height: field,
      width: field,
    }));
    grid.value = selection.state.unit;
  };
  const paint = () => {
    if (!large.isConnected) return;
    const layer = layerNow();
    const size = { height: shapes[layer].field, width: shapes[layer].field };
    const ink = colorAt(page.element, "ink");
    paintInk(large, { values: seenPart(layer, imageOf(selection.state.unit)), ...size }, ink);
    patches.forEach((canvas, i) => {
      const values = tops[selection.state.unit]?.[i]?.values ?? new Float32Array(size.height ** 2);
      paintInk(canvas, { values, ...size }, ink);
    });
  };
  const showUnit = async () => {
    const layer = layerNow();
    const { unit } = selection.state;
    grid.value = unit;
    if (net === null || grownLayer !== layer) return;
    const name =
      layer === "fc" ? `the answer ${unit}` : `neuron ${unit + 1} of ${titles[layer].toLowerCase()}`;
    title.textContent = name.charAt(0).toUpperCase() + name.slice(1);
    paint();
    const image = imageOf(unit);
    const both = Float32Array.from([...image, ...shuffled(layer, image)]);
    const [own, fake] = (await firing(net, layer, both)).map((row) => row[unit] ?? 0);
    const best = tops[unit]?.[0]?.fires ?? 0;
    fires = own ?? 0;
    agrees = agreement(seenPart(layer, image), tops[unit] ?? []);
    same.replaceChildren(
      "Picture and digits agree by ",
      html("b", {}, short(agrees)),
      " (1 would be the same).",
    );
    markBadge(verdict, fires > best, `Its picture: ${short(fires)}; best of ${many} digits: ${short(best)}`);
    markBadge(control, (fake ?? 0) > best, `Control, the same pixels shuffled: ${short(fake ?? 0)}`);
    if (page.guess.hidden)
      page.say(
        `The picture fires ${name} by `,
        html("b", {}, short(fires)),
        `; the best digit by ${short(best)}.`,
      );
    page.hint(`${titles[layer]}: each neuron sees ${shapes[layer].field} × ${shapes[layer].field} pixels`);
    page.ready({ layer, unit, fires, best, shuffled: fake ?? 0, agrees });
  };
  const grow = async () => {
    if (net === null) return;
    stop.abort();
    const mine = (stop = new AbortController());
    [grownLayer, tops] = [null, []];
    for (const badge of [verdict, control]) resetBadge(badge, "growing …");
    const layer = layerNow();
    const { smooth, jitter } = selection.state;
    pills.forEach((pill, i) => pill.setAttribute("aria-pressed", String(layers[i] === layer)));
    page.busy(true);
    const onStep = (step: number, now: Float32Array) => {
      if (mine.signal.aborted) return;
      images = now;
      showGrid();
      paint();
      page.hint(`Growing: step ${step} of ${steps}`);
    };
    try {
      const grown = await optimizeUnits(
        net,
        layer,
        { smooth, jitter },
        { steps, signal: mine.signal, onStep },
      );
      const found = await strongest(net, layer, digits);
      if (mine.signal.aborted) return;
      [images, tops, grownLayer] = [grown, found, layer];
      showGrid();
      await showUnit();
    } catch (error) {
      if (!mine.signal.aborted) throw error;
    } finally {
      if (stop === mine) page.busy(false);
    }
  };
  page.guess.addEventListener("guess", (event) => {
    void showUnit().then(() => {
      if (event instanceof CustomEvent && event.detail !== null)
        page.hint(page.guess.judge(event.detail === (fires > before ? 0 : 1)));
    }, page.fails);
  });
  grid.addEventListener("change", () => selection.set({ unit: grid.value ?? 0 }));
  onTheme(paint);
  const run = async () => {
    const [backend, file] = await Promise.all([startBackend(), fetch(weights.href)]);
    net = load(await file.arrayBuffer());
    const { images: all } = drawnImages();
    digits = all;
    page.device(`8,490 weights, on ${backend}`);
    selection.on(["layer", "smooth", "jitter"], () => void grow().catch(page.fails));
    selection.on(["unit"], () => void showUnit().catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}

/** The pixels of the drawn digits, one after the other. */
function drawnImages(): { readonly images: Float32Array<ArrayBuffer> } {
  const drawn = drawnDigits(many);
  const images = new Float32Array(784 * many);
  for (let i = 0; i < many; i++) images.set(drawn.get(i).x.data, 784 * i);
  return { images };
}
