import type { MnistCnn } from "@pellucid/cnn";
import type { CalculationData, FramedMap } from "@pellucid/interpret/parts/calculation";
import { explainNumber, seenSquares, type Square } from "@pellucid/interpret/parts/explain-number";
import type { FlowLine, FlowSpot } from "@pellucid/interpret/parts/layer-flow";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { columns, inputOf, layersOf } from "./digit-layers.ts";

/** Every number of one forward pass, explained. */
export interface DigitCalculations {
  /** Of each layer, the ten scores last. */
  readonly numbers: readonly Float32Array[];
  readonly calculation: (spot: FlowSpot, probabilities: Float32Array) => CalculationData;
  /** What feeds a spot, and what each last map adds to the score of `target` (less that of `rival`). */
  readonly lines: (spot: FlowSpot, target: number, rival: number | null) => FlowLine[];
  /** What it sees in the drawing and in each layer. */
  readonly squares: (spot: FlowSpot) => Square[];
  readonly words: (spot: FlowSpot) => string;
}

const answer = columns.length;

/** Prepares to explain every number of a network. */
export async function digitCalculations(
  net: MnistCnn,
): Promise<(pixels: Float32Array, numbers: readonly Float32Array[]) => DigitCalculations> {
  const layers = await layersOf(net);
  const layerAt = (l: number) => {
    const layer = layers[l];
    if (layer === undefined) throw new RangeError(`There are ${layers.length} layers, not ${l + 1}.`);
    return layer;
  };
  return (pixels, numbers) => {
    const explained = (spot: FlowSpot) =>
      explainNumber(layerAt(spot.layer), inputOf(spot.layer, pixels, numbers), spot);
    const squares = (spot: FlowSpot): Square[] => {
      if (spot.layer >= answer) return [];
      const before = layers.slice(0, spot.layer + 1).filter((layer) => layer.kind !== "linear");
      return [...seenSquares(before, spot)];
    };
    const mapAt = (layer: number, unit: number): FramedMap => {
      const column = columns[layer];
      if (column === undefined)
        return { values: pixels, height: 28, width: 28, caption: "Your drawing", ink: true };
      const { height, width, maps, name } = column;
      const values = numbers[layer] ?? [];
      return { values, height, width, from: unit, every: maps, caption: `${name}, map ${unit + 1}` };
    };
    return {
      numbers,
      squares,
      words: (spot) => {
        if (spot.layer >= answer)
          return `The score of ${spot.unit} = ${short(numbers[answer]?.[spot.unit] ?? 0)} (logit), from the whole drawing`;
        const { name, width, maps } = columns[spot.layer] ?? { name: "", width: 1, maps: 1 };
        const value = numbers[spot.layer]?.[(spot.row * width + spot.column) * maps + spot.unit] ?? 0;
        const side = squares(spot)[0]?.side ?? 1;
        return `${name}, map ${spot.unit + 1}, row ${spot.row + 1}, column ${spot.column + 1} = ${short(value)}; it sees ${side} × ${side} pixels of the drawing`;
      },
      lines: (spot, target, rival) => {
        const parts = (unit: number) => {
          const made = explained({ layer: answer, unit, row: 0, column: 0 });
          return made.kind === "sum" ? made.parts.map(({ sum }) => sum) : [];
        };
        const [mine, theirs] = [parts(target), rival === null ? [] : parts(rival)];
        const toAnswer = mine.map((sum, unit): FlowLine => ({
          from: [answer - 1, unit],
          to: [answer, target],
          part: sum - (theirs[unit] ?? 0),
        }));
        if (spot.layer >= answer) return toAnswer;
        const made = explained(spot);
        const to = [spot.layer, spot.unit] as const;
        if (made.kind === "largest")
          return [...toAnswer, { from: [spot.layer - 1, spot.unit], to, part: made.result }];
        if (spot.layer === 0) return [...toAnswer, { from: [-1, 0], to, part: made.result }];
        return [
          ...toAnswer,
          ...made.parts.map(({ from, sum }): FlowLine => ({ from: [spot.layer - 1, from], to, part: sum })),
        ];
      },
      calculation: (spot, probabilities) => {
        const made = explained(spot);
        const { layer, unit, row, column } = spot;
        const inAnswer = layer >= answer;
        const { size } = { size: 4, ...layerAt(layer) };
        const at = layerAt(layer).kind === "pool-relu" ? size : 1;
        const square = inAnswer
          ? { row: 0, column: 0, side: 4 }
          : { row: row * at, column: column * at, side: size };
        const source = (from: number): FramedMap => ({
          ...mapAt(layer - 1, made.kind === "largest" ? unit : from),
          square,
        });
        const result = short(made.result);
        if (inAnswer)
          return {
            title: `How the score of ${unit}, ${result}, is computed`,
            explained: made,
            source,
            extra: softmaxTable(numbers[answer] ?? probabilities, probabilities, unit),
          };
        return {
          title: `How this ${result} is computed: ${columns[layer]?.name}, map ${unit + 1}, row ${row + 1}, column ${column + 1}`,
          explained: made,
          source,
          target: { ...mapAt(layer, unit), square: { row, column, side: 1 } },
        };
      },
    };
  };
}

function softmaxTable(scores: Float32Array, probabilities: Float32Array, unit: number): HTMLElement {
  const order = Array.from(scores.keys())
    .toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
    .slice(0, 6);
  if (!order.includes(unit)) order.splice(5, 1, unit);
  const head = html(
    "tr",
    {},
    ...["digit", "score", "softmax"].map((name) => html("th", { scope: "col" }, name)),
  );
  const rows = order.map((digit) =>
    html(
      "tr",
      digit === unit ? { style: "font-weight:700;background:var(--sunk)" } : {},
      html("th", { scope: "row" }, String(digit)),
      html("td", {}, short(scores[digit] ?? 0, 1)),
      html("td", {}, percent(probabilities[digit] ?? 0)),
    ),
  );
  const table = html(
    "table",
    { style: "width:100%;font-size:0.8125rem;text-align:right;border-collapse:collapse" },
    head,
    ...rows,
  );
  return html(
    "div",
    {},
    table,
    html("p", { style: "font-size:0.75rem;color:var(--ink-3)" }, "softmax: exp(score) ÷ sum of all ten"),
  );
}
