import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { short } from "@pellucid/interpret/parts/number-text";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { lineChart } from "../frame/line-chart.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, resetBadge, testBadge } from "../frame/test-badge.ts";
import { ClubMap } from "../graph/club-map.ts";
import { club } from "../graph/program.ts";
import {
  smoothness,
  messagesTo,
  rightSigns,
  type Sent,
  sides,
  spread,
  start as firstValues,
  sumOf,
  trainedRight,
} from "./program.ts";

interface SmoothingState {
  readonly node: number;
  readonly frame: number;
  readonly keep: number;
}

const start: SmoothingState = { node: 8, frame: 0, keep: 0 };
const steps = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const depths = [2, 8, 32];
const percents = (share: number) => `${Math.round(100 * share)}%`;
const stepOf = (frame: number) => steps[frame] ?? 0;

/** The page "How deep may a graph network be?" */
export function smoothing(source: string): HTMLElement {
  const given = club();
  const selection = lessonSelection("smoothing", start, {
    node: integerText(33),
    frame: integerText(steps.length - 1),
    keep: numberText(0, 0.5),
  });
  const map = new ClubMap(given, (node) => selection.set({ node }), null);
  const player = new PellucidPlayer();
  player.setAttribute("label", "picture");
  player.steps = steps.length;
  player.rate = 1.5;
  const [verdict, control, deep, plain] = [testBadge(), testBadge(), testBadge(), testBadge()];
  const sum = html("p", { class: "sum-line" });
  const chart = html("div", { class: "chart-well" });
  const trained = html("div", { class: "chart-well" });
  let after64 = 0;
  const page = lessonPage({
    name: "smoothing",
    question: "How deep may a graph network be?",
    lead: "Member 1 starts with −1, member 34 with 1, all others with 0. Press play: in each step everyone takes a weighted mean of its friends and itself, as a graph convolution does. Press a member to add its messages up by hand.",
    goal: "compute one message-passing step by hand, and say why many of them make all nodes the same, and what helps.",
    stage: html(
      "div",
      { class: "gp-stage" },
      html("div", {}, map.element, player),
      html(
        "div",
        { class: "gp-controls" },
        rangeLine(selection, "keep", {
          label: "Keeps of the start, α",
          min: 0,
          max: 0.5,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        html(
          "p",
          { class: "prose" },
          "Wide: the messages that the chosen member was sent in this step. Colors are scaled to the largest value. A cross: the sign is not that of the side that the member took.",
        ),
        html("h2", {}, "By hand"),
        sum,
        verdict,
        control,
      ),
    ),
    stageLabel: "The club, its values after some steps, and the messages to a member",
    heights: [470, 830],
    key: [
      ["plus", "above 0: the president's side"],
      ["minus", "below 0: the instructor's side"],
    ],
    tries: [
      {
        label: "64 steps, and nothing of the start is kept. How many are right?",
        does: () => {
          selection.set({ frame: steps.length - 1, keep: 0 });
          map.element.classList.add("covered");
          page.guess.ask("Your guess: of 34 members there are right", ["all", "about three in four", "half"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "What more steps do" },
        html("h2", {}, "What more steps do"),
        html(
          "p",
          { class: "prose" },
          "Right: the share of members whose sign is that of their side. Smooth: the share of the squared values that no longer says who is who, but only how many friends someone has.",
        ),
        chart,
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Does it happen to networks that are trained?" },
        html("h2", {}, "Does it happen to networks that are trained?"),
        html(
          "p",
          { class: "prose" },
          "Six networks, trained here on the sides of members 1 and 34. With the start kept (GCNII, α 0.2), 32 layers must have 30 members right; plain layers, the control, must not.",
        ),
        html("div", { class: "row" }, deep, plain),
        trained,
      ),
    ],
    care: "The picture spreads two labels by the layer's own weights; a trained network also multiplies by matrices, which slows smoothing down and does not stop it. Depth hurts for other reasons, too: small gradients, and much that has to fit through few nodes. One club and one seed for each network.",
    formula:
      "h′ = (1 − α) D̂^(−½) (A + I) D̂^(−½) h + α h⁽⁰⁾,   D̂ the degrees with self-loops\nα = 0: after many steps h is √d̂ times one number, so that all have one sign        Li, Han and Wu, 2018; Gasteiger et al., 2019; GCNII: Chen et al., 2020",
    exercises: [
      {
        task: "At which step does member 17 hear of a leader for the first time? Choose member 17 and that step.",
        solution: "Step 2: it is two friendships away from member 1. Before, all that it is sent is 0.",
        check: () => {
          const { node, frame } = selection.state;
          const solved = node === 16 && stepOf(frame) === 2;
          return { solved, says: `Member ${node + 1}, step ${stepOf(frame)}.` };
        },
      },
      {
        task: "After 64 steps, have 33 of 34 right with as small an α as you can.",
        solution: "0.05 is enough: what is kept comes back in each step, so that its sum does not fade.",
        set: () => selection.set({ frame: steps.length - 1, keep: 0 }),
        check: () => {
          const { keep, frame } = selection.state;
          return {
            solved: frame === steps.length - 1 && keep > 0 && keep <= 0.1 && after64 >= 33,
            says: `α is ${keep.toFixed(2)}; after 64 steps ${after64} are right.`,
          };
        },
      },
    ],
    program: source,
  });

  const showSum = (messages: readonly Sent[], kept: number, total: number) => {
    const { node } = selection.state;
    const step = stepOf(selection.state.frame);
    if (step === 0) {
      sum.textContent = `Step 0: member ${node + 1} has ${short(total)}. Nothing was sent yet.`;
      return;
    }
    const most = messages.toSorted((a, b) => Math.abs(b.weight * b.value) - Math.abs(a.weight * a.value));
    const terms = most
      .slice(0, 4)
      .map(
        ({ from, weight, value }) =>
          `${short(weight)} · ${short(value, 3)} (${from === node ? "itself" : from + 1})`,
      );
    const others = most.slice(4);
    if (others.length > 0) terms.push(`${short(sumOf(others), 3)} (${others.length} others)`);
    if (kept !== 0) terms.push(`${short(kept, 3)} (kept)`);
    sum.replaceChildren(
      `Step ${step}, member ${node + 1}: ${terms.join(" + ")} = `,
      html("b", {}, short(total, 4)),
    );
  };
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const { node, frame, keep } = selection.state;
    const step = stepOf(frame);
    player.at = frame;
    const [before, now] = [await spread(Math.max(0, step - 1), keep), await spread(step, keep)];
    if (mine !== turn) return;
    const messages = step === 0 ? [] : messagesTo(node, before, keep);
    const kept = keep * (firstValues[node] ?? 0);
    const most = Math.max(...now.map(Math.abs));
    const sizes = new Map(messages.map(({ from, weight, value }) => [from, Math.abs(weight * value)]));
    const widest = Math.max(1e-9, ...sizes.values());
    map.show({
      edges: given.edges,
      probabilities: now.map((value) => 0.5 + value / (2 * most)),
      node,
      strength: ([u, v]) => (u === node || v === node ? (sizes.get(u === node ? v : u) ?? 0) / widest : 0),
      label: (i) => `Member ${i + 1}: ${short(now[i] ?? 0, 3)}`,
    });
    const total = now[node] ?? 0;
    showSum(messages, kept, total);
    const apart = (value: number) => Math.abs(value - total);
    const byHand = step === 0 ? 0 : apart(sumOf(messages) + kept);
    const withoutLoop = step === 0 ? 0 : apart(sumOf(messages.slice(1)) + kept);
    const agrees = (difference: number) => difference < 1e-6 + 1e-4 * Math.abs(total);
    const text = (difference: number) => (agrees(difference) ? "equal" : `${short(difference, 4)} off`);
    if (step === 0) for (const badge of [verdict, control]) resetBadge(badge, "press play");
    else {
      markBadge(verdict, agrees(byHand), `By hand and by the layer: ${text(byHand)}`);
      markBadge(control, agrees(withoutLoop), `Control, without itself: ${text(withoutLoop)}`);
    }
    const right = rightSigns(now);
    if (page.guess.hidden)
      page.say(
        `Step ${step}: `,
        html("b", {}, `${right} of 34`),
        ` are right; their values are ${percents(smoothness(now))} smooth.`,
      );
    page.hint(`The values lie between ${short(Math.min(...now), 4)} and ${short(Math.max(...now), 4)}`);
    page.ready({ step, right, byHand, withoutLoop, agrees: agrees(byHand) });
  };
  const drawCurves = async () => {
    const { keep } = selection.state;
    const [plainRuns, keptRuns]: [number[][], number[][]] = [[], []];
    for (const step of steps) {
      plainRuns.push(await spread(step, 0));
      keptRuns.push(await spread(step, keep === 0 ? 0.1 : keep));
    }
    if (keep !== selection.state.keep) return;
    after64 = rightSigns((keep === 0 ? plainRuns : keptRuns).at(-1) ?? []);
    const share = (values: readonly number[]) => rightSigns(values) / sides.length;
    chart.replaceChildren(
      lineChart({
        x: steps,
        lines: [
          {
            name: `right, α ${(keep === 0 ? 0.1 : keep).toFixed(2)}`,
            values: keptRuns.map(share),
            color: "plus",
          },
          { name: "right, α 0", values: plainRuns.map(share), color: "minus" },
          { name: "smooth, α 0", values: plainRuns.map(smoothness), color: "ink-3" },
        ],
        xLabel: "steps",
        yLabel: "share",
        text: percents,
      }),
    );
    page.ready({ after64 });
  };
  const trainAll = async () => {
    const [kept, without]: [number[], number[]] = [[], []];
    page.busy(true);
    for (const depth of depths) {
      kept.push(await trainedRight(depth, true));
      without.push(await trainedRight(depth, false));
    }
    page.busy(false);
    const [ofKept = 0, ofPlain = 0] = [kept.at(-1), without.at(-1)];
    markBadge(deep, ofKept >= 30, `Start kept, 32 layers: ${ofKept} of 34`);
    markBadge(plain, ofPlain >= 30, `Control, plain, 32 layers: ${ofPlain} of 34`);
    trained.replaceChildren(
      lineChart({
        x: depths,
        lines: [
          { name: "start kept", values: kept, color: "plus" },
          { name: "plain", values: without, color: "minus" },
        ],
        xLabel: "layers",
        yLabel: "members right",
        text: (v) => short(v, 0),
        range: [0, 34],
      }),
    );
    page.ready({ deep: ofKept, plain: ofPlain });
  };
  page.guess.addEventListener("guess", () => {
    map.element.classList.remove("covered");
    void show().catch(page.fails);
  });
  player.addEventListener("step", () => selection.set({ frame: player.at }));
  const run = async () => {
    const backend = await startBackend();
    page.device(`trained here on ${backend}`);
    let [shown, drawn] = [Promise.resolve(), Promise.resolve()];
    selection.on(["node", "frame", "keep"], () => (shown = show().catch(page.fails)));
    selection.on(["keep"], () => (drawn = drawCurves().catch(page.fails)));
    await Promise.all([shown, drawn]);
    await trainAll();
  };
  map.show({
    edges: given.edges,
    probabilities: firstValues.map((value) => 0.5 + value / 2),
    node: selection.state.node,
    strength: () => 0,
  });
  run().catch(page.fails);
  return page.element;
}
