import { expect, test } from "vitest";
import { network } from "./network.ts";

const row = { positions: [[0, 0] as const, [1, 0] as const, [2, 0.1] as const], edges: [[0, 1] as const] };
const heightOf = (drawing: HTMLElement) =>
  Number(drawing.querySelector("svg")?.getAttribute("viewBox")?.split(" ")[3]);

test("a picture is as high as its nodes need, and as high as it is asked to be", () => {
  expect(heightOf(network(row, { title: "Row" }))).toBe(105);
  expect(heightOf(network(row, { title: "Row", height: 300 }))).toBe(300);
  const column = { ...row, positions: row.positions.map(([x, y]) => [y, x] as const) };
  expect(heightOf(network(column, { title: "Column" }))).toBe(420);
  for (const drawing of [network(row, { title: "Row" }), network(column, { title: "Column" })])
    for (const circle of drawing.querySelectorAll("circle"))
      for (const [axis, most] of [
        ["cx", 420],
        ["cy", heightOf(drawing)],
      ] as const) {
        const at = Number(circle.getAttribute(axis));
        expect(at).toBeGreaterThanOrEqual(15);
        expect(at).toBeLessThanOrEqual(most - 15);
      }
});

test("the classes that there are have their names below, and wide edges theirs", () => {
  const { textContent } = network(row, {
    title: "Row",
    classes: [0, 2, 0],
    classNames: ["first", "second", "third"],
    edgeAmounts: [1],
    edgeLabel: "important",
  });
  expect(textContent).toContain("firstthird");
  expect(textContent).not.toContain("second");
  expect(textContent).toContain("wide: important");
  expect(network(row, { title: "Row", classes: [0, 1, 0] }).textContent).not.toContain("undefined");
});
