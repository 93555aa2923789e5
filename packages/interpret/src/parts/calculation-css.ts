/** The looks of `<pellucid-calculation>`. */
export const calculationCss = `
:host { container-type: inline-size; }
header { display: flex; justify-content: space-between; gap: 8px 12px; align-items: center; flex-wrap: wrap; margin-bottom: 12px; min-height: 36px; }
.small { font-size: var(--text-4); line-height: 1.3; font-weight: 650; }
.player { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.player pellucid-player { width: min(420px, 100cqw); }
.slide { border: 1px solid var(--line); background: var(--surface); border-radius: 999px; padding: 4px 12px; font-size: var(--text-2); min-height: 32px; min-width: 11em; }
.slide:hover { border-color: var(--line-strong); }
.bench { display: grid; grid-template-columns: 180px minmax(0, 1fr) 180px; gap: 24px; align-items: start; min-height: 268px; }
.framed { position: relative; background: var(--sunk); box-shadow: 0 0 0 1px var(--line); border-radius: 4px; width: 180px; height: 180px; }
.framed canvas { width: 100%; height: 100%; border-radius: 4px; }
.end .framed canvas { cursor: crosshair; touch-action: none; }
.box { position: absolute; pointer-events: none; border: 1.5px solid var(--ink); box-shadow: 0 0 0 1px var(--surface); border-radius: 1px; min-width: 4px; min-height: 4px; }
.box[hidden], figure[hidden], .slide[hidden] { display: none; }
figcaption { font-size: var(--text-1); color: var(--ink-3); margin-top: 6px; min-height: 1.5em; }
.steps { display: grid; gap: 8px; }
.grids { display: flex; gap: 8px; align-items: center; justify-content: center; }
.grid p { font-size: var(--text-1); color: var(--ink-3); text-align: center; margin-bottom: 4px; }
.cells { display: grid; grid-template-columns: repeat(var(--side, 5), 38px); grid-auto-rows: 28px; gap: 2px; border-radius: 4px; }
.cells span { display: grid; align-items: center; justify-items: center; font-size: 0.7rem; background: var(--sunk); border-radius: 3px; letter-spacing: -0.02em; }
.cells .later { opacity: 0.25; }
.cells .lit { outline: 2px solid var(--ink); outline-offset: -1px; font-weight: 700; }
.op { font-size: var(--text-5); color: var(--ink-3); width: 20px; text-align: center; margin-top: 20px; }
.sum { text-align: center; color: var(--ink-2); min-height: 1.9em; }
.sum b, .result { color: var(--ink); }
.result { font-weight: 700; padding: 2px 8px; border-radius: 6px; background: var(--sunk); box-shadow: 0 0 0 1px var(--line); }
.channels { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: 4px; min-height: 62px; }
.channels button { display: grid; justify-items: center; gap: 2px; border: 1px solid var(--line); border-radius: 6px; background: none; padding: 3px 0; font-size: var(--text-1); color: var(--ink-3); min-width: 24px; }
.channels button:hover { border-color: var(--line-strong); }
.channels button[aria-pressed="true"] { border-color: var(--ink); color: var(--ink); }
.channels i { width: calc(4px + 80% * var(--part)); height: 6px; border-radius: 3px; background: var(--plus); }
.channels i.minus { background: var(--minus); }
.channels .n { color: var(--ink-2); }
.one .cells { grid-template-columns: repeat(var(--side, 5), 42px); grid-auto-rows: 48px; }
.one .cells span { font-size: var(--text-2); }
.pool :is(.op, .filter, .products, pellucid-player) { display: none; }
.pool .cells { grid-template-columns: repeat(var(--side, 2), 72px); grid-auto-rows: 56px; }
.pool .cells span { font-size: var(--text-3); }
@container (max-width: 1000px) {
  .bench { grid-template-columns: 140px minmax(0, 1fr) 140px; gap: 16px; }
  .framed { width: 140px; height: 140px; }
  .cells, .one .cells { grid-template-columns: repeat(var(--side, 5), 31px); grid-auto-rows: 28px; }
  .cells span, .one .cells span { font-size: 0.66rem; }
}
@container (max-width: 780px) {
  .bench { grid-template-columns: 1fr 1fr; min-height: 0; }
  .steps { grid-column: 1 / -1; grid-row: 2; min-height: 340px; align-content: start; }
  .framed { width: 100%; height: auto; aspect-ratio: 1; }
  .grids { flex-wrap: wrap; gap: 4px; }
  .cells, .one .cells { grid-template-columns: repeat(var(--side, 5), 27px); grid-auto-rows: 24px; gap: 1px; }
  .cells span, .one .cells span { font-size: 0.62rem; }
  .op { margin-top: 16px; width: 12px; }
  .grid.products { flex-basis: 100%; display: grid; justify-content: center; }
  .channels { grid-template-columns: repeat(5, minmax(0, 1fr)); }
}
@media (forced-colors: active) {
  .channels button[aria-pressed="true"] { outline: 3px solid Highlight; }
  .box { border-color: Highlight; }
  canvas, .cells span, .channels i, .framed { forced-color-adjust: none; }
}
`;
