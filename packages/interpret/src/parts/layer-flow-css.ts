/** The looks of `<pellucid-layer-flow>`. */
export const layerFlowCss = `
:host { container-type: inline-size; }
.flow { position: relative; display: flex; justify-content: space-between; }
.columns { display: contents; }
.edges { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: visible; }
.edges path { fill: none; stroke-linecap: round; }
.edges .thread { stroke: var(--line); stroke-width: 1; opacity: 0.9; }
.edges .many { opacity: 0.45; stroke-width: 0.7; }
.edges .plus { stroke: var(--plus); }
.edges .minus { stroke: var(--minus); }
:host([covered]) .edges :is(.plus, .minus) { visibility: hidden; }
:host([live]) .edges :is(.plus, .minus) { stroke-dasharray: 7 5; animation: run 500ms linear infinite; }
@keyframes run { to { stroke-dashoffset: -12; } }
.layer { position: relative; display: flex; flex-direction: column; width: calc(var(--columns, 1) * (var(--cell) + 6px) + 20px); --cell: var(--side, 46px); }
.layer h2, ::slotted(h2) { font-size: var(--text-2); font-weight: 650; line-height: 1.5; }
.does { font-size: var(--text-1); line-height: 1.3; color: var(--ink-3); min-height: 2.7em; margin: 1px 0 8px; }
.shape { font-size: var(--text-1); color: var(--ink-3); margin-top: 8px; }
.layer.input { width: 208px; }
.layer.output { width: 186px; }
.input-area { position: relative; width: 208px; height: 208px; }
.maps { display: grid; grid-template-columns: repeat(var(--columns), var(--cell)); gap: 6px; justify-content: start; align-content: space-between; height: 314px; }
.map { position: relative; padding: 0; border: 0; background: var(--sunk); border-radius: 3px; aspect-ratio: 1; box-shadow: 0 0 0 1px var(--line); transition: box-shadow var(--quick); }
.map canvas { width: 100%; height: 100%; border-radius: 3px; }
.map:hover { box-shadow: 0 0 0 2px var(--line-strong); z-index: 1; }
.map[aria-pressed="true"] { box-shadow: 0 0 0 2px var(--surface), 0 0 0 4px var(--ink); z-index: 1; }
.box { position: absolute; display: none; pointer-events: none; border: 1.5px solid var(--ink); box-shadow: 0 0 0 1px var(--surface); border-radius: 1px; min-width: 4px; min-height: 4px; }
.box.on { display: block; }
@container (max-width: 1120px) {
  .flow { gap: 16px; }
  .layer { --cell: calc(0.78 * var(--side, 46px)); }
  .layer.input, .input-area { width: 168px; }
  .input-area { height: 168px; }
  .layer.output { width: 150px; }
  .does { min-height: 4em; }
}
@container (max-width: 860px) {
  .flow { flex-direction: column; gap: 34px; }
  .layer, .layer.input, .layer.output { width: 100%; }
  .layer h2, .does, .shape { width: fit-content; background: var(--surface); padding-right: 8px; }
  .does { min-height: 0; }
  .input-area { width: min(62cqw, 260px); height: min(62cqw, 260px); }
  .maps { height: auto; grid-template-columns: repeat(calc(var(--columns) * 2 + 2), minmax(0, 44px)); gap: 5px; }
  .layer.output { background: var(--surface); }
}
@media (forced-colors: active) {
  .map[aria-pressed="true"] { outline: 3px solid Highlight; }
  .box { border-color: Highlight; }
  canvas, .edges path, .map, .input-area { forced-color-adjust: none; }
}
`;
