const repaints = new Set<() => void>();
let watching = false;

function watch(): void {
  if (watching) return;
  watching = true;
  const changed = () => {
    for (const repaint of repaints) repaint();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  matchMedia("(forced-colors: active)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, {
    attributeFilter: ["style", "class", "data-theme"],
  });
}

/** Calls `repaint` whenever light turns to dark or back; gives what ends that. */
export function onTheme(repaint: () => void): () => void {
  watch();
  repaints.add(repaint);
  return () => repaints.delete(repaint);
}
