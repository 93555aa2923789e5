/** The looks of `<pellucid-method-strip>`. */
export const methodStripCss = `
:host { container-type: inline-size; }
.methods { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 12px; }
.method { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 12px; display: flex; flex-direction: column; min-width: 0; }
.control { border-style: dashed; border-color: var(--line-strong); }
h3 { font-size: var(--text-3); font-weight: 650; }
.does { font-size: var(--text-2); color: var(--ink-3); line-height: 1.35; min-height: 4.05em; margin: 2px 0 8px; }
.framed { position: relative; background: var(--sunk); box-shadow: 0 0 0 1px var(--line); border-radius: 4px; }
.framed > canvas { width: 100%; aspect-ratio: 1; border-radius: 4px; cursor: crosshair; touch-action: pan-y; }
.cross { position: absolute; pointer-events: none; border: 1.5px solid var(--ink); outline: 1.5px solid var(--surface); }
.cross[hidden] { display: none; }
.value { display: block; font-size: var(--text-2); min-height: 1.6em; margin: 4px 0 8px; font-weight: 600; }
.value.idle { color: var(--ink-3); font-weight: 400; }
.test { display: grid; grid-template-columns: 64px 1fr; gap: 12px; padding-top: 12px; border-top: 1px solid var(--line); }
.left { width: 64px; height: 64px; }
.left > canvas { cursor: default; }
.fall { min-width: 0; }
.says { font-size: var(--text-2); line-height: 1.3; min-height: 1.4em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.curve { display: block; width: 100%; height: 42px; overflow: visible; }
.curve path { fill: none; vector-effect: non-scaling-stroke; }
.curve .floor { stroke: var(--line); }
.curve .random { stroke: var(--line-strong); stroke-width: 1.5; stroke-dasharray: 3 3; }
.curve .line { stroke: var(--ink); stroke-width: 2; }
.curve .area { fill: var(--ink); opacity: 0.07; }
.curve .now { stroke: var(--plus); stroke-width: 1.5; }
.badge { margin-top: 12px; padding: 4px 10px; border-radius: 6px; font-size: var(--text-2); font-weight: 600; background: var(--sunk); color: var(--ink-2); min-height: 30px; }
.badge.passed { background: var(--good-ground); color: var(--good); }
.badge.passed::before { content: "✓ "; }
.badge.failed { background: var(--bad-ground); color: var(--bad); }
.badge.failed::before { content: "✗ "; }
:host([aria-busy="true"]) .badge { background: var(--sunk); color: var(--ink-3); }
@container (max-width: 620px) {
  .methods { grid-template-columns: none; grid-auto-flow: column; grid-auto-columns: min(68cqw, 260px); overflow-x: auto; scroll-snap-type: x proximity; padding: 2px 2px 8px; }
  .method { scroll-snap-align: center; }
}
@media (forced-colors: active) { canvas, .curve path, .framed { forced-color-adjust: none; } }
`;
