/** The colors of parts and pages by name: in light, in dark. */
const colors = {
  page: ["#f6f5f2", "#101217"],
  surface: ["#ffffff", "#181b22"],
  sunk: ["#f0efeb", "#0f1116"],
  line: ["#dedcd5", "#2c313c"],
  "line-strong": ["#8b8a84", "#6d7587"],
  ink: ["#17181c", "#eef0f4"],
  "ink-2": ["#4d4f57", "#b4bac6"],
  "ink-3": ["#65676f", "#949cab"],
  plus: ["#c2410c", "#ff9457"],
  minus: ["#0b66b3", "#69b4ff"],
  good: ["#17694a", "#6fd6a8"],
  "good-ground": ["#e3f3ea", "#14302a"],
  bad: ["#9c2b12", "#ffae95"],
  "bad-ground": ["#fbe9e3", "#3a1d18"],
  focus: ["#0b66b3", "#8cc6ff"],
} as const;

/** Sizes of type, steps of space, roundness and times. */
const sizes = {
  "text-1": "0.75rem",
  "text-2": "0.8125rem",
  "text-3": "0.9375rem",
  "text-4": "1.125rem",
  "text-5": "1.5rem",
  "text-6": "clamp(1.75rem, 1.2rem + 2vw, 2.375rem)",
  radius: "10px",
  quick: "120ms",
  calm: "240ms",
} as const;

/** The name of a color token. */
export type ColorName = keyof typeof colors;

/**
 * CSS custom properties for `:root` of a page and `:host` of each part: colors in light and dark, type, roundness, motion. A page changes one for every part by
 * `--pellucid-plus: …`; the theme is that of `color-scheme`.
 */
export const tokens: string = `:root, :host {
${Object.entries(colors)
  .map(([name, [light, dark]]) => `  --${name}: var(--pellucid-${name}, light-dark(${light}, ${dark}));`)
  .join("\n")}
${Object.entries(sizes)
  .map(([name, value]) => `  --${name}: var(--pellucid-${name}, ${value});`)
  .join("\n")}
}`;
