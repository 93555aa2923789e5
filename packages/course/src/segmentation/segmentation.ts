import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { PellucidDrawPad } from "@pellucid/interpret/parts/draw-pad";
import { integerText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import type { Scene } from "@pellucid/datasets";
import type { UNet } from "@pellucid/segmentation";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import css from "./segmentation.css?inline";
import { LabelView } from "./label-view.ts";
import { PixelCard } from "./pixel-card.ts";
import { start } from "./segmentation-state.ts";
import { strokeCost } from "./stroke-cost.ts";
import {
  batchOf,
  classes,
  correct,
  labelsOf,
  lookedAt,
  meanIou,
  seenScenes,
  settings,
  side,
  type Skip,
  trained,
  unmarked,
  unseenScenes,
} from "./program.ts";

const shown = 8;
/** The page "What do skip connections carry?" */
export function segmentation(source: string): HTMLElement {
  const selection = lessonSelection("segmentation", start, {
    picture: integerText(shown - 1),
    full: integerText(1),
    half: integerText(1),
    pen: integerText(3),
    known: integerText(1),
    pixel: integerText(side * side - 1),
  });
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Unseen pictures");
  const view = new LabelView();
  const pad = new PellucidDrawPad();
  pad.setAttribute("size", String(side));
  const toggle = (key: "full" | "half" | "known", text: string) => {
    const button = html("button", { type: "button", class: "pill" }, text);
    button.addEventListener("click", () => selection.set({ [key]: 1 - selection.state[key] }));
    selection.on([key], (state) => button.setAttribute("aria-pressed", String(state[key] === 1)));
    return button;
  };
  const pens = classes.map((name, pen) => {
    const button = html("button", { type: "button", class: `pill pen pen-${name}` }, name);
    button.addEventListener("click", () => selection.set({ pen }));
    selection.on(["pen"], (state) => button.setAttribute("aria-pressed", String(state.pen === pen)));
    return button;
  });
  const undo = html("button", { type: "button", class: "pill" }, "Undo all strokes");
  const cost = html("p", { class: "sum-line" }, "No stroke yet.");
  const bars = new PellucidBars();
  bars.style.setProperty("--name-width", "132px");
  bars.names = settings.map(([name]) => name);
  bars.setAttribute("label", "Mean IoU of 40 unseen pictures by what goes through the skip connections");
  bars.style.height = "190px";
  const looked = new PixelCard();
  const page = lessonPage({
    name: "segmentation",
    style: css,
    question: "What do skip connections carry?",
    lead: "This U-Net says of each pixel what it belongs to. Switch its skip connections off one by one; then draw over what it gets wrong, and it learns from your stroke.",
    goal: "say what the deep path and the skip connections of a U-Net carry, correct a network by a stroke, and measure what it forgets.",
    stage: html(
      "div",
      { class: "gp-stage" },
      html(
        "div",
        {},
        picker,
        html(
          "div",
          { class: "two segmented" },
          html(
            "div",
            {},
            html("h2", {}, "Draw a correction here"),
            html("div", { class: "over" }, view.picture, pad),
          ),
          html("div", {}, html("h2", {}, "What the network says"), view.answer),
        ),
      ),
      html(
        "div",
        { class: "gp-controls" },
        html("h2", {}, "Skip connections"),
        html("div", { class: "row" }, toggle("full", "full size"), toggle("half", "half size")),
        html("h2", {}, "A stroke says that this is"),
        html("div", { class: "row" }, ...pens),
        html("div", { class: "row" }, toggle("known", "also train on 4 known pictures"), undo),
        cost,
      ),
    ),
    stageLabel: "A picture, and the class of each of its pixels",
    heights: [520, 1180],
    key: [
      ["plus", "circle"],
      ["minus", "square"],
      ["good", "triangle"],
    ],
    tries: [
      {
        label: "Both skip connections off. What becomes of the outlines?",
        does: () => {
          selection.set({ full: 0, half: 0 });
          page.guess.ask("Your guess:", ["nothing changes", "they get coarse", "all is background"]);
        },
      },
      {
        label: "Skip connections of another picture: better or worse than none?",
        does: () => page.guess.ask("Your guess:", ["better than none", "as bad as none", "worse than none"]),
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "What goes through the skip connections" },
        html("h2", {}, "40 unseen pictures, five times"),
        html(
          "p",
          { class: "prose" },
          "The mean IoU of the same weights. The control gives every picture the skip maps of another one: if the skip connections only added strength, it would not matter whose they are.",
        ),
        bars,
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Which pixels decide one pixel?" },
        html("h2", {}, "Which pixels decide one pixel?"),
        looked.element,
      ),
    ],
    care: "The skip connections are switched off in a network that was trained with them: one trained without would do better than this. A stroke changes the weights for all pictures; the number of the 40 unseen ones says what that cost. Gradients say what a small change would do, not what the network needs.",
    formula:
      "U-Net: x₁ = enc₁(picture), x₂ = enc₂(x₁ ↓ 2), x₃ = enc₃(x₂ ↓ 2);   y₂ = dec₂([x₂, x₃ ↑ 2]), y₁ = dec₁([x₁, y₂ ↑ 2])        Ronneberger et al., 2015\nIoU of a class = pixels of both ÷ pixels of either;   a pixel's map: |∂ logit of its class ÷ ∂ picture|",
    exercises: [
      {
        task: "Switch both skip connections off. Which part of an object is still right, and which is not?",
        solution:
          "The inside mostly keeps its class, for the deep path knows what is there; the outline is lost, since only every fourth pixel gets down there.",
        check: () => {
          const off = selection.state.full === 0 && selection.state.half === 0;
          return { solved: off, says: `The mean IoU of this picture is ${short(iouNow)}.` };
        },
      },
      {
        task: "Teach it that an object is something else, and keep the mean IoU of the unseen pictures above 90%.",
        solution:
          "Train on the four known pictures along with the stroke: they hold the rest in its position.",
        set: () => selection.set({ full: 1, half: 1, known: 1 }),
        check: () => ({
          solved: strokes > 0 && unseenNow > 0.9,
          says: `${strokes} strokes; the unseen pictures have ${percent(unseenNow)}.`,
        }),
      },
    ],
    program: source,
  });

  let net: UNet | null = null;
  let weights = new ArrayBuffer(0);
  let all: Scene[] = [];
  let known: Scene[] = [];
  let found = new Int32Array(side * side);
  let marks = new Int32Array(side * side).fill(unmarked);
  let [strokes, iouNow, unseenNow, unseenFirst] = [0, 0, 0, 0];
  let working: Promise<void> = Promise.resolve();
  const sceneNow = () => all[selection.state.picture] as Scene;
  const skipsNow = (): Skip[] =>
    [selection.state.full, selection.state.half].map((on) => (on === 1 ? "on" : "off"));

  const paint = () => view.paint(sceneNow().image.data, marks, found);
  const look = async () => {
    if (net === null) return;
    const { pixel } = selection.state;
    const [row, column] = [Math.floor(pixel / side), pixel % side];
    const label = found[pixel] ?? 0;
    const x = batchOf([sceneNow()]);
    const map = await lookedAt(net, x, [row, column], label);
    x.dispose();
    looked.show(map, [row, column], classes[label] ?? "");
  };
  const show = async () => {
    if (net === null) return;
    const scene = sceneNow();
    const x = batchOf([scene]);
    found = (await labelsOf(net, x, skipsNow())) as Int32Array<ArrayBuffer>;
    x.dispose();
    iouNow = await meanIou(net, [scene], skipsNow());
    picker.value = selection.state.picture;
    paint();
    await look();
    sayNow();
    page.ready({ iou: iouNow, strokes });
  };
  const measure = async () => {
    if (net === null) return;
    const measured = [];
    for (const [, skips] of settings) measured.push(await meanIou(net, all, skips));
    bars.values = measured;
    const [on = 0, , , off = 0, other = 0] = measured;
    unseenNow = on;
    if (strokes === 0) unseenFirst = on;
    cost.replaceChildren(...strokeCost(strokes, unseenFirst, on));
    page.ready({ unseen: on, off, other });
  };
  const sayNow = () => {
    if (!page.guess.hidden) return;
    const off = skipsNow().filter((skip) => skip === "off").length;
    page.say(
      "Mean IoU of this picture: ",
      html("b", {}, short(iouNow)),
      off === 0 ? "." : `, with ${off} of 2 skip connections off.`,
    );
  };
  const inTurn = (work: () => Promise<void>) => {
    working = working.then(work).catch(page.fails);
    return working;
  };
  const learn = async () => {
    if (net === null) return;
    const mine = pad.pixels;
    const { pen } = selection.state;
    marks = marks.map((mark, i) => ((mine[i] ?? 0) >= 0.5 ? pen : mark));
    pad.pixels = new Float32Array(side * side);
    if (marks.every((mark) => mark === unmarked)) return;
    page.busy(true);
    strokes++;
    await correct(net, { scene: sceneNow(), marks, known: selection.state.known === 1 ? known : [] });
    await show();
    await measure();
    page.busy(false);
  };
  const forget = async () => {
    net?.dispose();
    net = trained(weights);
    strokes = 0;
    marks.fill(unmarked);
    await show();
    await measure();
  };
  pad.addEventListener("change", () => void inTurn(learn));
  undo.addEventListener("click", () => void inTurn(forget));
  picker.addEventListener("change", () => {
    marks.fill(unmarked);
    selection.set({ picture: picker.value ?? 0 });
  });
  looked.map.element.addEventListener("pick", (event) => {
    if (event instanceof CustomEvent) selection.set({ pixel: event.detail[0] * side + event.detail[1] });
  });
  page.guess.addEventListener("guess", (event) => {
    sayNow();
    const isOff = selection.state.full === 0 && selection.state.half === 0;
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === (isOff ? 1 : 2)));
  });
  const run = async () => {
    const backend = await startBackend();
    const file = await fetch(new URL("./unet.safetensors", import.meta.url).href);
    weights = await file.arrayBuffer();
    net = trained(weights);
    all = unseenScenes();
    known = seenScenes();
    picker.items = all.slice(0, shown).map(({ image }, i) => ({
      name: `Picture ${i + 1}`,
      values: image.data,
      height: side,
      width: side,
      colored: true,
    }));
    page.device(`U-Net, on ${backend}`);
    await measure();
    selection.on(["picture", "full", "half"], () => void inTurn(show));
    selection.on(["pixel"], () => void inTurn(look));
    onTheme(() => void (all.length > 0 && paint()));
  };
  run().catch(page.fails);
  return page.element;
}
