import { type EditedBox, PellucidBoxEditor } from "@pellucid/interpret/parts/box-editor";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { short } from "@pellucid/interpret/parts/number-text";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import css from "./detection.css?inline";
import { matchAnchors } from "./match-anchors.ts";
import { PrecisionCurve } from "./precision-curve.ts";
import { cornersText } from "./corners-text.ts";
import { type Corners, nmsSteps, overlapOf, precisionRecall } from "./program.ts";
import { anchorsAt, detections, objects, plane, sceneOf } from "./scene.ts";

interface DetectionState {
  /** The box that is dragged. */
  readonly mine: Corners;
  readonly threshold: number;
  readonly least: number;
  readonly step: number;
  /** The position of the feature map whose anchors are shown, row by row. */
  readonly position: number;
}

const start: DetectionState = {
  mine: [150, 110, 270, 230],
  threshold: 0.5,
  least: 0.2,
  step: 0,
  position: 35,
};
const columns = 10;

/** The page "Which box survives?" */
export function detection(source: string): HTMLElement {
  const selection = lessonSelection("detection", start, {
    mine: cornersText,
    threshold: numberText(0, 1),
    least: numberText(0, 1),
    step: integerText(12),
    position: integerText(59),
  });
  const target: Corners = objects[1]?.box ?? [0, 0, 10, 10];
  const drag = new PellucidBoxEditor();
  const nms = new PellucidBoxEditor();
  const anchors = new PellucidBoxEditor();
  for (const editor of [drag, nms, anchors]) {
    editor.plane = plane;
    editor.backdrop = sceneOf();
  }
  const areas = html("p", { class: "sum-line" });
  const player = new PellucidPlayer();
  player.setAttribute("label", "step");
  player.rate = 1;
  const explained = html("p", { class: "explained" });
  const curve = new PrecisionCurve();
  const precision = html("p", { class: "time" });
  const anchorText = html("p", { class: "explained" });
  const at = html("input", { type: "range", id: "anchor-position", min: 0, max: 59, step: 1 });
  at.addEventListener("input", () => selection.set({ position: Number(at.value) }));

  const page = lessonPage({
    name: "detection",
    style: css,
    question: "Which box survives?",
    lead: "Drag the box over the square and watch its IoU. Then step through non-maximum suppression, which leaves one box of many.",
    goal: "compute an IoU by hand, run non-maximum suppression in your head, and read a precision–recall curve.",
    stage: html(
      "div",
      { class: "two" },
      html("div", {}, html("h2", {}, "Drag the box onto the square"), drag, areas),
      html("div", {}, html("h2", {}, "Twelve detections, one step at a time"), nms, player, explained),
    ),
    stageLabel: "Two boxes and their overlap, and non-maximum suppression",
    heights: [430, 840],
    key: [
      ["plus", "yours, or kept"],
      ["minus", "the object"],
    ],
    tries: [
      {
        label: "Half of the box overlaps half of the object. What is the IoU?",
        does: () => {
          selection.set({ mine: [265, 130, 375, 240] });
          drag.classList.add("asked");
          page.guess.ask("Your guess: IoU is", ["1/2", "1/3", "1/4"]);
        },
      },
      {
        label: "Threshold 0.9: how many boxes stay?",
        does: () => {
          selection.set({ threshold: 0.9, least: 0.2, step: 0 });
          page.guess.ask("Your guess: boxes that stay", ["3", "5", "11"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Thresholds" },
        html("h2", {}, "Two thresholds, and what they cost"),
        html(
          "div",
          { class: "two" },
          html(
            "div",
            {},
            rangeLine(selection, "threshold", {
              label: "Drop boxes whose IoU with a better one is above",
              min: 0,
              max: 1,
              step: 0.05,
            }),
            rangeLine(selection, "least", {
              label: "Ignore boxes with a score below",
              min: 0,
              max: 1,
              step: 0.05,
            }),
            precision,
          ),
          curve.element,
        ),
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Anchors" },
        html("h2", {}, "Where do boxes come from? Anchors"),
        html(
          "p",
          { class: "prose" },
          "A detector with anchors starts from nine boxes at each position of a feature map. In training, an anchor belongs to an object if their IoU is at least 0.5; it is background below 0.4.",
        ),
        html(
          "div",
          { class: "slider-line" },
          html("label", { for: "anchor-position" }, "Position of the feature map"),
          at,
        ),
        html("div", { class: "two" }, html("div", { class: "anchor-well" }, anchors), anchorText),
      ),
    ],
    care: "These twelve detections are made up, so that each case occurs; boxIou and suppress are the package's own. Suppression looks at boxes of one class only, and it drops a real object that another one hides: overlap is not proof of a duplicate. That is why Soft-NMS lowers scores instead, and why DETR does without.",
    formula:
      "IoU(A, B) = area(A ∩ B) ÷ area(A ∪ B)\nNMS: take the box with the best score; drop all with IoU > threshold; repeat with the rest\nprecision = right ÷ found,   recall = right ÷ objects",
    exercises: [
      {
        task: "Drag your box until its IoU with the square is between 0.70 and 0.75.",
        solution:
          "For example a box of the same size, moved by 17 units to the right: 93 of 110 columns are shared, and 93 ÷ (220 − 93) is 0.73.",
        set: () => selection.set({ mine: start.mine }),
        check: () => {
          const solved = iou >= 0.7 && iou <= 0.75;
          return { solved, says: `The IoU is ${short(iou, 3)}.` };
        },
      },
      {
        task: "Set both thresholds so that exactly the three objects are found: precision 1 and recall 1.",
        solution:
          "The two boxes for nothing have scores 0.31 and 0.18, one poor box 0.37: ignore scores below 0.4, and any IoU threshold up to 0.5 or so removes the duplicates.",
        check: () => {
          const solved = kept.length === 3 && kept.every((i) => isRight(i));
          return { solved, says: `${kept.length} boxes stay, ${kept.filter(isRight).length} of them right.` };
        },
      },
      {
        task: "Two boxes of equal size overlap in half of each. Why is the IoU 1/3, not 1/2?",
        solution: "The intersection is half a box, the union one and a half: 0.5 ÷ 1.5.",
        set: () => selection.set({ mine: [265, 130, 375, 240] }),
      },
    ],
    program: source,
  });

  let iou = 0;
  let kept: readonly number[] = [];
  let steps: Awaited<ReturnType<typeof nmsSteps>>["steps"] = [];
  const scoreOf = (i: number) => detections[i]?.score ?? 0;
  const matches = new Map<number, number>();
  const isRight = (i: number) => matches.has(i);

  const showOverlap = async ({ mine }: DetectionState) => {
    const found = await overlapOf(mine, target);
    iou = found.iou;
    const shared: Corners = [
      Math.max(mine[0], target[0]),
      Math.max(mine[1], target[1]),
      Math.min(mine[2], target[2]),
      Math.min(mine[3], target[3]),
    ];
    drag.shared = found.intersection > 0 ? shared : null;
    drag.boxes = [
      { corners: target, name: "object", movable: false, color: "minus" },
      { corners: mine, name: "your box", color: "plus", look: "strong" },
    ];
    areas.replaceChildren(
      `intersection ${Math.round(found.intersection)} ÷ union ${Math.round(found.union)} = IoU `,
      html("b", {}, short(found.iou, 3)),
    );
    sayNow();
  };
  const sayNow = () => {
    const verdict = iou >= 0.5 ? "a match at the usual threshold of 0.5" : "no match: below 0.5";
    page.say(
      "IoU ",
      html("b", {}, short(iou)),
      `: ${verdict}. `,
      html("span", { class: "second" }, `${kept.length} of ${detections.length} boxes stay.`),
    );
  };
  const showStep = ({ step, least }: DetectionState) => {
    const upTo = steps.slice(0, step + 1);
    const dropped = new Set(upTo.flatMap((one) => one.dropped.map(({ index }) => index)));
    const survivors = new Set(upTo.map((one) => one.kept));
    const now = steps[Math.min(step, steps.length - 1)];
    nms.boxes = detections.map(({ box, score }, i): EditedBox => {
      const ignored = score < least || dropped.has(i);
      const look = i === now?.kept ? "strong" : ignored ? "pale" : "plain";
      return {
        corners: box,
        name: score.toFixed(2),
        movable: false,
        look,
        color: survivors.has(i) ? "plus" : "ink",
      };
    });
    player.steps = Math.max(1, steps.length);
    player.at = step;
    if (now === undefined)
      return void (explained.textContent = "All boxes are ignored: their scores are too low.");
    const lost = now.dropped.map(
      ({ index, iou: overlap }) => `${scoreOf(index).toFixed(2)} (IoU ${short(overlap)})`,
    );
    explained.textContent = `Step ${Math.min(step, steps.length - 1) + 1}: keep the box with score ${scoreOf(now.kept).toFixed(2)}. ${lost.length === 0 ? "It drops none." : `It drops ${lost.join(", ")}.`}`;
  };
  const showAll = async (state: DetectionState) => {
    const found = await nmsSteps(detections, state);
    ({ steps, kept } = found);
    await match();
    showStep({ ...state, step: Math.min(state.step, Math.max(0, steps.length - 1)) });
    drawCurve();
    sayNow();
    page.ready({
      kept: kept.length,
      steps: steps.length,
      agrees: String(steps.map((one) => one.kept)) === String(kept),
    });
  };
  /** Which boxes are right: the best one with an IoU of at least 0.5 for each object. */
  const match = async () => {
    matches.clear();
    for (const [o, object] of objects.entries())
      for (const i of kept) {
        const { iou: overlap } = await overlapOf(detections[i]?.box ?? target, object.box);
        if (overlap >= 0.5 && ![...matches.values()].includes(o)) matches.set(i, o);
      }
  };
  const drawCurve = () => {
    const found = kept.map((i) => ({ score: scoreOf(i), right: isRight(i) }));
    const { points, average } = precisionRecall(found, objects.length);
    const right = kept.filter(isRight).length;
    precision.textContent = `Precision ${Math.round((100 * right) / Math.max(1, kept.length))}%, recall ${Math.round((100 * right) / objects.length)}%, average precision ${short(average, 3)}.`;
    curve.show(points, precision.textContent);
  };
  const showAnchors = async ({ position }: DetectionState) => {
    at.value = String(position);
    const [x, y] = [24 + 48 * (position % columns), 25 + 50 * Math.floor(position / columns)];
    const { boxes, says } = await matchAnchors(anchorsAt(x, y));
    anchors.boxes = boxes;
    anchorText.textContent = says;
  };
  drag.addEventListener("change", (event) => {
    if (event instanceof CustomEvent) selection.set({ mine: event.detail.corners });
  });
  player.addEventListener("step", () => selection.set({ step: player.at }));
  page.guess.addEventListener("guess", sayNow);
  const run = async () => {
    page.device(`boxes on ${await startBackend()}`);
    selection.on(["threshold", "least"], (state) => void showAll(state).catch(page.fails));
    selection.on(["mine"], (state) => void showOverlap(state).catch(page.fails));
    selection.on(["step"], showStep);
    selection.on(["position"], (state) => void showAnchors(state).catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
