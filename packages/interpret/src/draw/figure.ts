import { html } from "./element-of.ts";

/** What every drawing takes. */
export interface DrawingOptions {
  /** What is seen, in a few words; also what a screen reader says. */
  readonly title: string;
}

/** Rows and columns of text, for those who cannot see the picture or want the numbers. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A drawing with its title, its numbers as a table, and its files: PNG or SVG, and JSON. */
export function figure(
  { title }: DrawingOptions,
  picture: HTMLElement | SVGSVGElement,
  numbers: unknown,
  table: () => Table,
  ...below: Node[]
): HTMLElement {
  const rows = html("details", {}, html("summary", {}, "Numbers"));
  const openTable = () => rows.append(tableOf(title, table()));
  rows.addEventListener("toggle", openTable, { once: true });
  const files = html("span", { class: "files" });
  const canvases = Array.from(picture.querySelectorAll("canvas"));
  if (picture instanceof SVGSVGElement) {
    picture.style.display = "block"; // its caption is below it
    files.append(saver("SVG", title, () => Promise.resolve(svgFile(picture))));
  } else if (canvases.length > 0) {
    files.append(saver("PNG", title, () => pngFile(sheetOf(canvases))));
  }
  files.append(
    saver("JSON", title, () => Promise.resolve(new Blob([json(numbers)], { type: "application/json" }))),
  );
  const frame = html(
    "figure",
    {
      class: "pellucid",
      style: "margin:0;display:inline-block;max-width:100%;font:14px system-ui,sans-serif",
    },
    html("figcaption", { style: "margin-bottom:6px;font-weight:600" }, title),
    picture,
    ...below,
    html(
      "div",
      { style: "display:flex;gap:12px;align-items:baseline;margin-top:6px;font-size:13px" },
      rows,
      files,
    ),
  );
  return frame;
}

/** Numbers as JSON, typed arrays too. JSON has no NaN and no infinity: they are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`. */
export function json(numbers: unknown): string {
  return JSON.stringify(numbers, (_, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });
}

/** The name of a saved file: letters and digits of any script stay, all else becomes a hyphen. */
export function fileName(title: string, kind: string): string {
  const name = title.replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${name === "" ? "drawing" : name}.${kind.toLowerCase()}`;
}

/** Several canvases as one, in rows, a pixel apart. */
function sheetOf(canvases: readonly HTMLCanvasElement[]): HTMLCanvasElement {
  const [first] = canvases;
  if (first === undefined || canvases.length === 1) return first ?? html("canvas");
  const columns = Math.ceil(Math.sqrt(canvases.length));
  const [wide, high] = [first.width + 1, first.height + 1];
  const sheet = html("canvas", {
    width: columns * wide - 1,
    height: Math.ceil(canvases.length / columns) * high - 1,
  });
  const context = sheet.getContext("2d");
  canvases.forEach((canvas, i) =>
    context?.drawImage(canvas, (i % columns) * wide, Math.floor(i / columns) * high),
  );
  return sheet;
}

/** About how many cells a table shows at first, and adds at a time: tens of thousands take a browser seconds. */
const cellsAtOnce = 2000;

function tableOf(title: string, { columns, rows }: Table): HTMLElement {
  const body = html("tbody");
  const more = html("button", { type: "button", style: "font:inherit;margin:4px 0" });
  const rowsAtOnce = Math.max(1, Math.floor(cellsAtOnce / columns.length));
  const showMore = () => {
    const from = body.childElementCount;
    for (const row of rows.slice(from, from + rowsAtOnce))
      body.append(html("tr", {}, ...row.map((text) => html("td", { style: cell }, text))));
    const shown = body.childElementCount;
    more.hidden = shown >= rows.length;
    more.textContent = `Show more rows: ${shown} of ${rows.length} are shown, all are in JSON`;
  };
  more.addEventListener("click", showMore);
  const cell = "padding:1px 6px;text-align:right;font-variant-numeric:tabular-nums";
  const view = html(
    "div",
    {
      style: "max-height:300px;max-width:100%;overflow:auto",
      tabindex: 0,
      role: "region",
      "aria-label": `${title}: numbers`,
    },
    html(
      "table",
      { style: "border-collapse:collapse;font-size:12px" },
      html(
        "thead",
        {},
        html("tr", {}, ...columns.map((name) => html("th", { scope: "col", style: cell }, name))),
      ),
      body,
    ),
    more,
  );
  showMore();
  return view;
}

function saver(kind: string, title: string, make: () => Promise<Blob>): HTMLButtonElement {
  const button = html(
    "button",
    { type: "button", "aria-label": `Save "${title}" as ${kind}`, style: "font:inherit;margin-right:4px" },
    kind,
  );
  button.addEventListener("click", () => void save(fileName(title, kind), make));
  return button;
}

async function save(name: string, make: () => Promise<Blob>): Promise<void> {
  const address = URL.createObjectURL(await make());
  html("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

/** Text without the characters that XML 1.0 forbids. */
const withoutControls = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (one) => (one === "\t" || one === "\n" || one === "\r" ? one : ""));

function svgFile(picture: SVGSVGElement): Blob {
  const text = new XMLSerializer().serializeToString(picture);
  return new Blob([withoutControls(text)], { type: "image/svg+xml" });
}

function pngFile(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error("The canvas could not be saved.")) : resolve(blob),
    );
  });
}
