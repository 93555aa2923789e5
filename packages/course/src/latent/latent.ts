import { digits } from "@pellucid/datasets";
import type { Vae } from "@pellucid/generative";
import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { PellucidDrawPad } from "@pellucid/interpret/parts/draw-pad";
import { PellucidFilmStrip } from "@pellucid/interpret/parts/film-strip";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { PellucidLatentPad } from "@pellucid/interpret/parts/latent-pad";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { colorAt, paintInk } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { generativeNet } from "../../../interpret/stories/nets/generative-nets.ts";
import { subject } from "../../../interpret/stories/nets/subjects.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./latent.css?inline";
import { decode, difference, encode, type Judge } from "./program.ts";

interface LatentState {
  readonly x: number;
  readonly y: number;
  /** The two numbers of the code that the plane shows. */
  readonly across: number;
  readonly up: number;
}

const start: LatentState = { x: 0.4, y: 0.8, across: 3, up: 7 };
const size = 8;
const side = 9;
const names = Array.from({ length: 10 }, (_, i) => String(i));

/** The page "What lies between two digits?" */
export function latent(source: string): HTMLElement {
  const selection = lessonSelection("latent", start, {
    x: numberText(-3, 3),
    y: numberText(-3, 3),
    across: integerText(size - 1),
    up: integerText(size - 1),
  });
  const plane = new PellucidLatentPad();
  plane.label = "A plane of codes";
  const canvas = html("canvas", {
    width: 8,
    height: 8,
    role: "img",
    "aria-label": "The picture of the code at the point",
  });
  const bars = new PellucidBars();
  bars.names = names;
  bars.setAttribute("label", "What a classifier takes it for");
  bars.style.height = "290px";
  const select = (key: "across" | "up", label: string) => {
    const element = html(
      "select",
      { id: `latent-${key}` },
      ...Array.from({ length: size }, (_, i) => html("option", { value: i }, `number ${i + 1}`)),
    );
    element.addEventListener("change", () => selection.set({ [key]: Number(element.value) }));
    selection.on([key], (state) => (element.value = String(state[key])));
    return html("label", {}, `${label} `, element);
  };
  const walk = new PellucidFilmStrip();
  walk.setAttribute("label", "From one digit to another, in codes");
  walk.style.setProperty("--frame", "50px");
  const blend = new PellucidFilmStrip();
  blend.setAttribute("label", "From one digit to another, in pixels: the control");
  blend.style.setProperty("--frame", "50px");
  const [verdict, control] = [testBadge(), testBadge()];
  const pad = new PellucidDrawPad();
  pad.setAttribute("size", "8");
  const own = html("p", { class: "sum-line" }, "Draw a digit to encode it.");
  const rebuilt = html("canvas", {
    width: 8,
    height: 8,
    role: "img",
    "aria-label": "What the model makes of your drawing",
  });
  const page = lessonPage({
    name: "latent",
    style: css,
    question: "What lies between two digits?",
    lead: "A variational autoencoder describes a digit by eight numbers. Drag the point over a plane of two of them: every code is a picture.",
    goal: "explain what a latent code is, and test whether a walk in codes stays among digits.",
    stage: html(
      "div",
      { class: "latent-stage" },
      html(
        "div",
        {},
        plane,
        html("div", { class: "row axes" }, select("across", "across:"), select("up", "up:")),
      ),
      html("div", {}, html("h2", {}, "The picture at the point"), html("div", { class: "framed" }, canvas)),
      html("div", {}, html("h2", {}, "A classifier takes it for"), bars),
    ),
    stageLabel: "A plane of codes and the picture of one",
    heights: [450, 1040],
    key: [["plus", "the point"]],
    tries: [
      {
        label: "Halfway from a 4 to a 9: which digit?",
        does: () => {
          walk.classList.add("covered");
          page.guess.ask("Your guess: in the middle a classifier reads", ["4", "9", "neither"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Between two digits" },
        html("h2", {}, "Does the walk stay among digits?"),
        html(
          "p",
          { class: "prose" },
          "Above, codes go straight from a 4 to a 9 that the model has never seen. Below, the control: pixels are mixed, and no model is asked. A picture that the model can draw is nearly the same after it is encoded and decoded again: an error below 0.02 passes.",
        ),
        walk,
        blend,
        html("div", { class: "row" }, verdict, control),
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Your own digit" },
        html("h2", {}, "Your own digit, encoded and decoded"),
        html(
          "div",
          { class: "framed-pair" },
          html("figure", {}, pad, html("figcaption", {}, "draw here, 8 × 8")),
          html(
            "figure",
            {},
            html("div", { class: "framed" }, rebuilt),
            html("figcaption", {}, "decoded from eight numbers"),
          ),
        ),
        own,
      ),
    ],
    care: "The plane shows two of eight numbers, with the others at 0: most digits are elsewhere. Axes have no meaning of their own; another training gives others. What the model blurs it could not tell with eight numbers.",
    formula:
      "q(z | x) = N(μ(x), σ(x)²),   z = μ + σ · ε\nloss = reconstruction + KL(q(z | x) ‖ N(0, 1))        Kingma and Welling, 2013",
    exercises: [
      {
        task: "Find a point where the classifier reads a 0 with more than 90%.",
        solution: "Try other pairs of numbers below the plane; each shows another plane of the same space.",
        check: () => {
          const p = latest[0] ?? 0;
          return { solved: p > 0.9, says: `It reads a 0 with ${percent(p)}.` };
        },
      },
      {
        task: "Why does every point give something like a digit, even far from all digits that it was trained on?",
        solution:
          "The KL term pulls the codes of all digits together until they fill a normal distribution without holes. Far out, beyond 3, there are none.",
      },
    ],
    program: source,
  });
  let vae: Vae | null = null;
  let judge: Judge | null = null;
  let latest = new Float32Array(10);
  const codeAt = (x: number, y: number) => {
    const { across, up } = selection.state;
    return Array.from({ length: size }, (_, i) => (i === across ? x : i === up ? y : 0));
  };
  const picture = (values: ArrayLike<number>) => ({ values, height: 8, width: 8 });
  const showPoint = async () => {
    if (vae === null || judge === null) return;
    const { x, y } = selection.state;
    plane.at = [x, y];
    const { pictures, says } = await decode(vae, judge, [codeAt(x, y)]);
    latest = Float32Array.from(says[0] ?? []);
    paintInk(canvas, picture(pictures[0] ?? []), colorAt(page.element, "ink"));
    bars.values = latest;
    const best = latest.indexOf(Math.max(...latest));
    bars.value = best;
    page.say(
      "A classifier reads this code as ",
      html("b", {}, String(best)),
      ` (${percent(latest[best] ?? 0)}).`,
    );
    page.hint(
      `Number ${selection.state.across + 1} = ${short(x)}, number ${selection.state.up + 1} = ${short(y)}, the others 0`,
    );
    facts = { ...facts, best };
    if (tested) page.ready(facts);
  };
  let facts: Readonly<Record<string, number | boolean>> = {};
  let tested = false;
  const showPlane = async () => {
    if (vae === null || judge === null) return;
    const codes = Array.from({ length: side * side }, (_, i) => {
      const at = (n: number) => ((n + 0.5) / side) * 6 - 3;
      return codeAt(at(i % side), -at(Math.floor(i / side)));
    });
    plane.tiles = (await decode(vae, judge, codes)).pictures;
    await showPoint();
  };
  const walkBetween = async () => {
    if (vae === null || judge === null) return;
    const { test } = await digits();
    const pixelsOf = (i: number) =>
      Float32Array.from(test.images.data.subarray(64 * i, 64 * i + 64), (v) => v / 16);
    const firstOf = (digit: number) => Array.from(test.labels.data).indexOf(digit);
    const [four, nine] = [pixelsOf(firstOf(4)), pixelsOf(firstOf(9))];
    const { mean } = await encode(vae, [four, nine]);
    const steps = 9;
    const share = (i: number) => i / (steps - 1);
    const codes = Array.from({ length: steps }, (_, i) =>
      (mean[0] ?? []).map((v, k) => v + share(i) * ((mean[1]?.[k] ?? 0) - v)),
    );
    const { pictures, says } = await decode(vae, judge, codes);
    const note = (row: Float32Array) => {
      const best = row.indexOf(Math.max(...row));
      return `${best} · ${Math.round(100 * (row[best] ?? 0))}%`;
    };
    walk.frames = pictures.map((values, i) => ({
      ...picture(values),
      note: note(says[i] ?? new Float32Array(10)),
    }));
    const mixed = Array.from({ length: steps }, (_, i) =>
      four.map((v, k) => v + share(i) * ((nine[k] ?? 0) - v)),
    );
    blend.frames = mixed.map((values) => ({ ...picture(values), note: "mixed" }));
    // how far each is from what the model can draw: its own reconstruction
    const again = await encode(vae, mixed);
    const rebuiltMixed = (await decode(vae, judge, again.mean)).pictures;
    const walkAgain = await encode(vae, pictures);
    const rebuiltWalk = (await decode(vae, judge, walkAgain.mean)).pictures;
    const middle = [3, 4, 5];
    const error = (from: readonly Float32Array[], to: readonly Float32Array[]) =>
      middle.reduce((sum, i) => sum + difference(from[i] ?? [], to[i] ?? []), 0) / middle.length;
    const [walkError, mixError] = [error(pictures, rebuiltWalk), error(mixed, rebuiltMixed)];
    const limit = 0.02;
    markBadge(verdict, walkError < limit, `Walk in codes: reconstruction error ${short(walkError, 3)}`);
    markBadge(control, mixError < limit, `Control, mixed pixels: ${short(mixError, 3)}`);
    facts = { ...facts, walkError, mixError };
    tested = true;
    page.ready(facts);
  };
  const encodeOwn = async () => {
    if (vae === null || judge === null) return;
    const { mean, deviation } = await encode(vae, [pad.pixels]);
    const { pictures } = await decode(vae, judge, mean);
    paintInk(rebuilt, picture(pictures[0] ?? []), colorAt(page.element, "ink"));
    const numbers = (mean[0] ?? []).map((v, i) => `${short(v, 1)} ± ${short(deviation[0]?.[i] ?? 0, 1)}`);
    own.textContent = `Code: ${numbers.join(", ")}. Error ${short(difference(pad.pixels, pictures[0] ?? []), 3)}.`;
  };
  plane.addEventListener("input", () => selection.set({ x: plane.at[0], y: plane.at[1] }));
  pad.addEventListener("input", () => void encodeOwn().catch(page.fails));
  page.guess.addEventListener("guess", () => walk.classList.remove("covered"));
  const run = async () => {
    const backend = await startBackend();
    vae = await generativeNet("digits-vae");
    judge = (await subject("digits")).model;
    page.device(`19,792 weights, on ${backend}`);
    await showPlane();
    await walkBetween();
    selection.on(["across", "up"], () => void showPlane().catch(page.fails));
    selection.on(["x", "y"], () => void showPoint().catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
