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
  rows.addEventListener("toggle", () => rows.childElementCount > 1 || rows.append(tableOf(title, table())), {
    once: true,
  });
  const files = html("span", { class: "files" });
  const canvas = picture.querySelector("canvas");
  if (picture instanceof SVGSVGElement) {
    picture.style.display = "block"; // its caption is below it
    files.append(saver("SVG", title, () => Promise.resolve(svgFile(picture))));
  } else if (canvas !== null) {
    files.append(saver("PNG", title, () => pngFile(canvas)));
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

/** Numbers as JSON, typed arrays too. */
export function json(numbers: unknown): string {
  return JSON.stringify(numbers, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
}

function tableOf(title: string, { columns, rows }: Table): HTMLElement {
  const cell = "padding:1px 6px;text-align:right;font-variant-numeric:tabular-nums";
  return html(
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
      html(
        "tbody",
        {},
        ...rows.map((row) => html("tr", {}, ...row.map((text) => html("td", { style: cell }, text)))),
      ),
    ),
  );
}

function saver(kind: string, title: string, make: () => Promise<Blob>): HTMLButtonElement {
  const button = html(
    "button",
    { type: "button", "aria-label": `Save "${title}" as ${kind}`, style: "font:inherit;margin-right:4px" },
    kind,
  );
  button.addEventListener("click", () => void save(`${title}.${kind.toLowerCase()}`, make));
  return button;
}

async function save(name: string, make: () => Promise<Blob>): Promise<void> {
  const address = URL.createObjectURL(await make());
  html("a", { href: address, download: name.replaceAll(/[^\w.-]+/g, "-") }).click();
  URL.revokeObjectURL(address);
}

function svgFile(picture: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" });
}

function pngFile(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error("The canvas could not be saved.")) : resolve(blob),
    );
  });
}
