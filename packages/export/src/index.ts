// ONNX
export { toOnnx, toOnnxFiles, type OnnxFiles, type OnnxOptions } from "./onnx/to-onnx.ts";
export { ExportError } from "./export-error.ts";
export { fromOnnx, type FromOnnxOptions, type OnnxBytes, type OnnxSource } from "./onnx/import/from-onnx.ts";
export { OnnxModel, type OnnxPort } from "./onnx/import/onnx-model.ts";
export { OnnxError } from "./onnx/read/onnx-error.ts";

// tfjs' models of layers
export { fromTfjs, type FromTfjsOptions, TfjsModel } from "./tfjs/from-tfjs.ts";
export { TfjsError } from "./tfjs/tfjs-error.ts";
export { type TfjsFiles } from "./tfjs/tfjs-weights.ts";

// PyTorch source
export { toTorch, type ToTorchOptions, type TorchFiles } from "./torch/to-torch.ts";
export { trainByRecipe, type TrainRecipe } from "./torch/train-recipe.ts";
export { TorchExportError } from "./torch/torch-export-error.ts";
