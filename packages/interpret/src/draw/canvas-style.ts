/** CSS for a canvas of cells: as wide as asked, as high as the cells' aspect makes it, but neither a line nor longer than a page. */
export function canvasStyle(width: number, rows: number, columns: number, cellAspect = 1): string {
  const [thinnest, longest] = [12, 1024];
  const height = (width * rows) / (columns * cellAspect);
  if (height >= thinnest && height <= longest)
    return `width:${width}px;max-width:100%;aspect-ratio:${columns * cellAspect}/${rows}`;
  return `width:${width}px;max-width:100%;height:${Math.min(longest, Math.max(thinnest, height))}px`;
}
