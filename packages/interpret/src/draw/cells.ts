import { cellMark } from "./cell-mark.ts";
import { html } from "./element-of.ts";
import { type CellGrid, fireCell, letMark } from "./link-drawings.ts";
import type { Cell } from "./mosaic.ts";
import { short } from "./short.ts";

/**
 * Lets a canvas of cells be read by pointer and by keyboard: the arrow keys go from cell to cell, and a line below says the cell and its number.
 */
export function readableCells(
  canvas: HTMLCanvasElement,
  rows: number,
  columns: number,
  numberAt: (row: number, column: number) => number,
  title: string,
  names: {
    readonly rows?: readonly string[] | undefined;
    readonly columns?: readonly string[] | undefined;
  } = {},
): HTMLElement {
  const mark = cellMark();
  const says = html("output", {
    "aria-live": "polite",
    style: "display:block;min-height:1.3em;font-size:12px",
  });
  const position = html(
    "div",
    { style: "position:relative;line-height:0;width:fit-content" },
    canvas,
    mark.element,
  );
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "grid of numbers");
  canvas.setAttribute(
    "aria-label",
    `${title}: ${rows} by ${columns} numbers. Arrow keys go from cell to cell.`,
  );
  let [row, column] = [0, 0];
  const say = () => {
    const rowName = names.rows?.[row];
    const columnName = names.columns?.[column];
    const position = [
      `row ${row + 1}${rowName === undefined ? "" : ` “${rowName}”`}`,
      `column ${column + 1}${columnName === undefined ? "" : ` “${columnName}”`}`,
    ].join(", ");
    says.textContent = `${position} = ${short(numberAt(row, column))}`;
  };
  const markAt = (cell: Cell | null, grid: CellGrid) => {
    mark.show(cell, grid);
    if (cell === null || grid.rows !== rows || grid.columns !== columns) says.textContent = "";
    else {
      ({ row, column } = cell);
      say();
    }
  };
  letMark(canvas, { rows, columns, mark: markAt });
  const show = () => {
    mark.show({ row, column }, { rows, columns });
    say();
    fireCell(canvas, { row, column });
  };
  const within = (n: number, count: number) => Math.min(count - 1, Math.max(0, n));
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  canvas.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    [row, column] = [within(row + step[0], rows), within(column + step[1], columns)];
    show();
  });
  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", () => {
    mark.show(null, { rows, columns });
    fireCell(canvas, null);
  });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    row = within(Math.floor((offsetY / canvas.clientHeight) * rows), rows);
    column = within(Math.floor((offsetX / canvas.clientWidth) * columns), columns);
    show();
  });
  return html("div", {}, position, says);
}
