// what is drawn
export { exampleOf, readValues, type Values } from "./values.ts";
export { DrawingError } from "./check-drawn.ts";
export { type DrawingOptions } from "./figure.ts";

// functions of one number
export { type Curve, type CurvedNetwork, type EdgeCurve, edgeCurves } from "./edge-curves.ts";
export { type Band, type Measurement, posterior, type PosteriorOptions } from "./posterior.ts";

// what is selected in several at once
export { type LinkedCell, type LinkedDrawings, linkDrawings } from "./link-drawings.ts";

// colors
export { classColor, classColors, type ColorMapName, type Rgb } from "./color-map.ts";
export { colorOf, type ColorScale, colorScale, type ColorScaleOptions } from "./color-scale.ts";
export { colorBar } from "./color-bar.ts";

// grids of numbers
export { heatmap, type HeatmapOptions, paintHeatmap } from "./heatmap.ts";
export { overlay, type OverlayOptions } from "./overlay.ts";
export { imageGrid, type ImageGridOptions } from "./image-grid.ts";
export { paintPicture, picture, type PictureOptions } from "./picture.ts";
export { type Cell, mosaic } from "./mosaic.ts";
export { pictures, type PicturesOptions } from "./pictures.ts";

// charts
export { histogramChart } from "./histogram-chart.ts";
export { curves, type CurvesOptions } from "./curves.ts";
export { arrows, type ArrowsOptions } from "./arrows.ts";
export { scatter, type ScatterOptions } from "./scatter.ts";
export { scatter3d, type Scatter3dOptions } from "./scatter3d.ts";
export { scrubber, type ScrubberOptions } from "./scrubber.ts";
export { matrix, type MatrixOptions } from "./matrix.ts";
export { graph } from "./graph.ts";
export { type DrawnNetwork, network, type NetworkOptions } from "./network.ts";

// text
export { tokens, type TokensOptions, visible } from "./tokens.ts";
