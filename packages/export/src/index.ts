// ONNX
export { toOnnx, toOnnxFiles, type OnnxFiles, type OnnxOptions } from "./onnx/to-onnx.ts";
export { ExportError } from "./export-error.ts";

// tfjs' models of layers
export { fromTfjs, type FromTfjsOptions, TfjsModel } from "./tfjs/from-tfjs.ts";
export { TfjsError } from "./tfjs/tfjs-error.ts";
export { type TfjsFiles } from "./tfjs/tfjs-weights.ts";
