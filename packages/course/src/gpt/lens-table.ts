import { percent } from "@pellucid/interpret/parts/number-text";
import { signedColor } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { nameOf } from "./next-token.ts";

/** The most probable tokens of a row of probabilities. */
const best = (row: Float32Array, many: number): number[] =>
  Array.from(row.keys())
    .toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0))
    .slice(0, many);

/** A table, layer by token: what the model would write next if it ended there. `hint` is called with the five best of the cell under the pointer. */
export function lensTable(
  lens: readonly Float32Array[],
  {
    tokens,
    names,
    hint,
  }: {
    readonly tokens: readonly string[];
    readonly names: readonly string[];
    readonly hint: (text: string) => void;
  },
): HTMLElement {
  const size = names.length;
  const rows = lens.map((probabilities, layer) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, `layer ${layer + 1}`),
      ...tokens.map((token, i) => {
        const row = probabilities.subarray(i * size, (i + 1) * size);
        const [first = 0, ...others] = best(row, 5);
        const right = names[first] === tokens[i + 1];
        const cell = html("td", right ? { class: "right" } : {}, nameOf(names[first] ?? ""));
        cell.style.backgroundColor = signedColor(0.6 * (row[first] ?? 0), 1);
        const five = [first, ...others].map((t) => `${nameOf(names[t] ?? "")} ${percent(row[t] ?? 0)}`);
        const words = `Layer ${layer + 1}, after “${nameOf(token)}”: ${five.join(", ")}`;
        cell.title = words;
        cell.addEventListener("pointerenter", () => hint(words));
        return cell;
      }),
    ),
  );
  const head = html(
    "tr",
    {},
    html("th", { scope: "col" }, "read"),
    ...tokens.map((token) => html("th", { scope: "col" }, nameOf(token))),
  );
  return html("table", { class: "lens" }, head, ...rows);
}
