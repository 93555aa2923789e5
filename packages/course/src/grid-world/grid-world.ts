import { integerText, numberText, plainText } from "@pellucid/interpret/parts/keep-address";
import { short } from "@pellucid/interpret/parts/number-text";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage } from "../frame/lesson-page.ts";
import { lineChart } from "../frame/line-chart.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./grid-world.css?inline";
import { bestQ, learn, meanReturn, type Snapshot, worldOf } from "./program.ts";
import { WorldMap } from "./world-map.ts";

interface WorldState {
  /** The rows, joined by slashes. */
  readonly map: string;
  readonly slip: number;
  readonly epsilon: number;
  readonly alpha: number;
  readonly frame: number;
}

const start: WorldState = {
  map: "......G/.##..../..#.H../S......",
  slip: 0.2,
  epsilon: 0.2,
  alpha: 0.3,
  frame: 0,
};
const shown = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800];
const rowsOf = (map: string): string[] => map.split("/");
const valid = (map: string): boolean =>
  /^[.#SGH]{7}(\/[.#SGH]{7}){3}$/.test(map) && map.split("S").length === 2 && map.split("G").length === 2;

/** The page "How does it learn where to go?" */
export function gridWorld(source: string): HTMLElement {
  const selection = lessonSelection(
    "grid-world",
    start,
    {
      map: plainText(40),
      slip: numberText(0, 0.6),
      epsilon: numberText(0, 1),
      alpha: numberText(0.01, 1),
      frame: integerText(shown.length - 1),
    },
    (state) => (valid(state.map) ? state : { ...state, map: start.map }),
  );
  const world = new WorldMap((cell) => {
    const { map } = selection.state;
    const at = cell + Math.floor(cell / 7);
    const now = map[at];
    if (now !== "." && now !== "#") return;
    selection.set({ map: map.slice(0, at) + (now === "." ? "#" : ".") + map.slice(at + 1), frame: 0 });
  });
  const player = new PellucidPlayer();
  player.setAttribute("label", "snapshot");
  player.steps = shown.length;
  player.rate = 2.5;
  const [verdict, control] = [testBadge(), testBadge()];
  const chart = html("div", { class: "chart-well" });
  const page = lessonPage({
    name: "grid-world",
    style: css,
    question: "How does it learn where to go?",
    lead: "Press play: value spreads back from the goal, episode by episode. Press a cell to build a wall or to break one, and it learns anew.",
    goal: "follow one update of Q-learning, and test a learned policy against the best possible one and against random actions.",
    stage: html(
      "div",
      { class: "gp-stage" },
      html("div", {}, world.element, player),
      html(
        "div",
        { class: "gp-controls" },
        rangeLine(selection, "slip", {
          label: "Slips aside",
          min: 0,
          max: 0.6,
          step: 0.05,
          text: (v) => `${Math.round(100 * v)}%`,
        }),
        rangeLine(selection, "epsilon", {
          label: "Explores, ε",
          min: 0,
          max: 1,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        rangeLine(selection, "alpha", {
          label: "Learns, α",
          min: 0.05,
          max: 1,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        html(
          "p",
          { class: "prose" },
          "Arrow: the best action so far. Number: the return that it expects from there. A dot: never tried.",
        ),
      ),
    ),
    stageLabel: "A world, its values and the best actions",
    heights: [430, 640],
    key: [
      ["plus", "good to be here"],
      ["minus", "bad"],
    ],
    tries: [
      {
        label: "It slips in half of its steps: does it still pass by the pit?",
        does: () => {
          selection.set({ ...start, slip: 0.5, frame: shown.length - 1 });
          world.element.classList.add("covered");
          page.guess.ask("Your guess: from the cell left of the pit it goes", [
            "up or down, past the pit",
            "left, away from it",
          ]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Is the policy good?" },
        html("h2", {}, "Is the policy good?"),
        html(
          "p",
          { class: "prose" },
          "300 episodes with the learned actions, with the best possible ones (value iteration, which knows the rules), and with random ones, the control. Learned must reach at least nine tenths of the way from random to best.",
        ),
        html("div", { class: "row" }, verdict, control),
        chart,
      ),
    ],
    care: "Values are what it expects if it always takes the best action from there on; while it explores it gets less. A table has one number for each state and action: a camera image has more states than there are atoms, and then a network replaces the table.",
    formula: "Q(s, a) ← Q(s, a) + α (r + γ max Q(s′, ·) − Q(s, a)),   γ = 0.99        Watkins, 1989",
    exercises: [
      {
        task: "Set ε to 0. When does it fail to find the goal, and why?",
        solution:
          "Without exploring it repeats the first actions that are not bad. Slips still move it now and then; with slip 0 and ε 0 it may never see the goal.",
        set: () => selection.set({ ...start, slip: 0, epsilon: 0 }),
      },
      {
        task: "Build walls so that the only way to the goal leads next to the pit. How does the value at the start change?",
        solution:
          "It falls by the risk of slipping into the pit, and by the longer way: each step costs 0.04.",
        check: () => ({
          solved: snapshotsBest < 0.3,
          says: `The best mean return is now ${short(snapshotsBest)}.`,
        }),
      },
    ],
    program: source,
  });
  let snapshots: readonly Snapshot[] = [];
  let snapshotsBest = 0;
  const showFrame = () => {
    const { frame, map } = selection.state;
    player.at = frame;
    const snapshot = snapshots[frame];
    world.show(rowsOf(map), snapshot?.q ?? null);
    page.hint(`Episode ${snapshot?.episode ?? 0}, which returned ${short(snapshot?.return ?? 0)}`);
  };
  const compute = () => {
    const { map, slip, epsilon, alpha } = selection.state;
    const made = worldOf(rowsOf(map), slip);
    snapshots = learn(made, { episodes: shown.at(-1) ?? 1, epsilon, alpha, seed: 1 }, shown);
    const best = meanReturn(made, bestQ(made), 300, 1);
    const random = meanReturn(made, null, 300, 1);
    const curve = snapshots.map(({ q }) => meanReturn(made, q, 60, 1));
    const learned = meanReturn(made, snapshots.at(-1)?.q ?? null, 300, 1);
    snapshotsBest = best;
    const share = (value: number) => (value - random) / (best - random || 1);
    markBadge(verdict, share(learned) >= 0.9, `Learned: ${short(learned)} of ${short(best)} possible`);
    markBadge(control, share(random) >= 0.9, `Control, random actions: ${short(random)}`);
    chart.replaceChildren(
      lineChart({
        x: snapshots.map((_, i) => i + 1),
        lines: [
          { name: "learned", values: curve, color: "plus" },
          { name: "best possible", values: curve.map(() => best), color: "ink" },
          { name: "random", values: curve.map(() => random), color: "ink-3" },
        ],
        xLabel: "snapshot",
        yLabel: "mean return",
        text: (v) => short(v, 1),
        range: [-2, 1],
      }),
    );
    showFrame();
    page.say(
      "Learned actions return ",
      html("b", {}, short(learned)),
      ` on average; the best possible is ${short(best)}.`,
    );
    page.device("tables, on the CPU");
    page.ready({ learned, best, random, share: share(learned) });
  };
  page.guess.addEventListener("guess", () => world.element.classList.remove("covered"));
  player.addEventListener("step", () => selection.set({ frame: player.at }));
  selection.on(["map", "slip", "epsilon", "alpha"], compute);
  selection.on(["frame"], showFrame);
  return page.element;
}
