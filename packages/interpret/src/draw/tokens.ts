import { allZero } from "./all-zero.ts";
import { checkDrawn, DrawingError } from "./check-drawn.ts";
import { colorBar } from "./color-bar.ts";
import { colorOf, type ColorScale, colorScale, type ColorScaleOptions } from "./color-scale.ts";
import { html } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { fireCell, letMark } from "./link-drawings.ts";
import { keepColors } from "./keep-colors.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** How a text is shown. */
export interface TokensOptions extends DrawingOptions, ColorScaleOptions {
  /** The scale, if it is shared with other drawings. Default: that of these numbers. */
  readonly scale?: ColorScale;
  /** A token that stands out by a frame: the one that is explained. */
  readonly marked?: number;
}

/**
 * A text with a number for each token as the color behind it, with a color bar, a token at a time by arrow keys, a table, and JSON to save.
 * Spaces and line ends are shown as ␣ and ⏎.
 *
 * @param texts the tokens
 * @param numbers `[time]`
 */
export function tokens(texts: readonly string[], numbers: Values, options: TokensOptions): HTMLElement {
  checkDrawn("tokens", numbers, ["token"]);
  if (numbers.data.length !== texts.length)
    throw new DrawingError(
      `tokens: got ${numbers.data.length} numbers for ${texts.length} tokens, expected one for each.`,
    );
  const { scale = colorScale(numbers.data, options), marked, title } = options;
  const values = Array.from(numbers.data);
  const says = html("output", {
    "aria-live": "polite",
    style: "display:block;min-height:1.3em;font-size:12px",
  });
  const spans = texts.map((text, i) => tokenSpan(text, values[i] ?? NaN, scale, i === marked));
  const row = html(
    "div",
    {
      role: "listbox",
      tabindex: 0,
      "aria-label": `${title}: ${texts.length} tokens. Arrow keys go from token to token.`,
      style: "display:flex;flex-wrap:wrap;gap:2px 1px;max-width:100%;font:16px ui-monospace,monospace",
    },
    ...spans,
  );
  const show = (at: number) => {
    for (const [i, span] of spans.entries()) {
      span.style.outline = i === at ? "2px solid currentColor" : "none";
      span.setAttribute("aria-selected", String(i === at));
    }
    if (at >= 0)
      says.textContent = `token ${at + 1}, “${visible(texts[at] as string)}” = ${short(values[at] ?? NaN)}`;
  };
  let at = 0;
  letMark(row, {
    rows: 1,
    columns: texts.length,
    mark: (cell) => show(cell === null ? -1 : (at = cell.column)),
  });
  const select = () => {
    show(at);
    fireCell(row, { row: 0, column: at });
  };
  row.addEventListener("focus", select);
  row.addEventListener("blur", () => {
    show(-1);
    fireCell(row, null);
  });
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    at = Math.min(texts.length - 1, Math.max(0, at + step));
    select();
  });
  row.addEventListener("pointerover", ({ target }) => {
    const over = spans.findIndex((span) => span === target);
    if (over < 0) return;
    at = over;
    select();
  });
  return figure(
    options,
    html("div", {}, row, says),
    { texts, values, scale },
    () => ({
      columns: ["position", "token", "number"],
      rows: texts.map((text, i) => [String(i + 1), visible(text), short(values[i] ?? NaN)]),
    }),
    colorBar(scale),
    ...(allZero(numbers.data) === "" ? [] : [html("small", {}, "all zero")]),
  );
}

function tokenSpan(text: string, value: number, scale: ColorScale, isMarked: boolean): HTMLElement {
  const color = colorOf(scale, value);
  const ink = color !== null && brightness(color) > 0.4 ? "#000" : "#fff";
  const paint = color === null ? "" : `${keepColors}background:rgb(${color.join(" ")});color:${ink};`;
  const frame = isMarked ? "box-shadow:inset 0 0 0 2px #d55e00;" : "";
  return html(
    "span",
    {
      role: "option",
      "aria-selected": "false",
      style: `${paint}${frame}padding:2px 3px;border-radius:2px;white-space:pre`,
    },
    visible(text),
  );
}

/** Relative luminance, as contrast is measured: from 0.18 on black reads better than white; 0.4 of the plain mean is about there. */
const brightness = ([red, green, blue]: readonly [number, number, number]): number =>
  (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;

/** A token as it can be seen: spaces and line ends as ␣ and ⏎, other control characters as their Unicode pictures. */
export const visible = (text: string): string =>
  text
    .replaceAll(" ", "␣")
    .replaceAll("\n", "⏎")
    .replaceAll(/\p{Cc}/gu, (control) => {
      const code = control.codePointAt(0) ?? 0;
      return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "␡" : "�";
    });
