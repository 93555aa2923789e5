export {
  encodeEvent,
  encodeFileStart,
  encodeRestart,
  type EventTime,
  type SummaryValue,
} from "./encode-event.ts";
export { type EmbeddingFiles, type EmbeddingOptions, encodeEmbedding } from "./encode-embedding.ts";
export { encodeImage, type PngImage } from "./encode-image.ts";
export { EventFile } from "./event-file.ts";
export { EventLog, type SummaryTensor } from "./event-log.ts";
export { type Histogram, histogram } from "./histogram.ts";
export { makeGrid } from "./make-grid.ts";
export { tensorBoard } from "./tensor-board.ts";
