export {
  encodeEvent,
  encodeFileStart,
  encodeRestart,
  type EventTime,
  type SummaryValue,
} from "./encode-event.ts";
export { encodeImage, type PngImage } from "./encode-image.ts";
export { type Histogram, histogram } from "./histogram.ts";
export { makeGrid } from "./make-grid.ts";
