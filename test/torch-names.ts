/** What a name of PyTorch is here, where it is not the same name: our own or none, and why. */
export type Counterpart = readonly [ours: string | null, note: string];

const array = "a field that holds an array is registered: `layers.0.weight`, as PyTorch names it";
const record = "a field that holds a record is registered: `heads.left.weight`, as PyTorch names it";
const lazy = "sizes are given when a layer is made";
const container = "deprecated in PyTorch";
const inPlace = "tensors do not change; the function without the underscore";
const layer = "as a layer only, whose parameters are its fields";
const quantized = "for number formats that no backend here has";

/** `torch.nn`. Losses are functions here, and have the name of the functional form. */
export const nn: Readonly<Record<string, Counterpart>> = {
  AdaptiveLogSoftmaxWithLoss: [
    "AdaptiveLogSoftmaxWithLoss",
    "takes a record of `input` and `target`, and gives one of `output` and `loss`",
  ],
  BCELoss: ["binaryCrossEntropy", ""],
  BCEWithLogitsLoss: ["binaryCrossEntropyWithLogits", ""],
  Buffer: ["stateBuffer", ""],
  CTCLoss: ["ctcLoss", "batch first"],
  Container: [null, container],
  CrossEntropyLoss: ["crossEntropy", ""],
  CrossMapLRN2d: [
    "CrossMapLRN2d",
    "the formula of PyTorch's documentation; its code differs, see [others-defects.md](others-defects.md)",
  ],
  DataParallel: [null, "training is on one machine, with one device"],
  GaussianNLLLoss: ["gaussianNllLoss", ""],
  KLDivLoss: ["klDiv", ""],
  L1Loss: ["l1Loss", ""],
  LinearCrossEntropyLoss: ["crossEntropy", "after a `Linear`; the logits are held in memory whole"],
  LinearCrossEntropyOptions: [null, "see `LinearCrossEntropyLoss`"],
  MSELoss: ["mseLoss", ""],
  MaxPool1d: ["MaxPool1d", "`return_indices`: `maxPool1dWithIndices`"],
  MaxPool2d: ["MaxPool2d", "`return_indices`: `maxPool2dWithIndices`"],
  MaxPool3d: ["MaxPool3d", "`return_indices`: `maxPool3dWithIndices`"],
  AdaptiveMaxPool1d: ["AdaptiveMaxPool1d", "`return_indices`: `adaptiveMaxPool1dWithIndices`"],
  AdaptiveMaxPool2d: ["AdaptiveMaxPool2d", "`return_indices`: `adaptiveMaxPool2dWithIndices`"],
  AdaptiveMaxPool3d: ["AdaptiveMaxPool3d", "`return_indices`: `adaptiveMaxPool3dWithIndices`"],
  FractionalMaxPool2d: ["FractionalMaxPool2d", "`return_indices`: `fractionalMaxPool2dWithIndices`"],
  FractionalMaxPool3d: ["FractionalMaxPool3d", "`return_indices`: `fractionalMaxPool3dWithIndices`"],
  ModuleDict: [null, record],
  ModuleList: [null, array],
  MultiLabelMarginLoss: ["multilabelMarginLoss", ""],
  MultiLabelSoftMarginLoss: ["multilabelSoftMarginLoss", ""],
  NLLLoss: ["nllLoss", ""],
  NLLLoss2d: [null, container],
  Parameter: ["parameter", ""],
  ParameterDict: [null, record.replace("heads.left.weight", "scales.left")],
  ParameterList: [null, array.replace("layers.0.weight", "scales.0")],
  PoissonNLLLoss: ["poissonNllLoss", ""],
  RNNBase: [null, "not public there either"],
  RNNCellBase: [null, "not public there either"],
  SyncBatchNorm: [null, "training is on one machine, with one device: `BatchNorm2d`"],
  UninitializedBuffer: [null, lazy],
  UninitializedParameter: [null, lazy],
  ...Object.fromEntries(
    ["BatchNorm", "Conv", "ConvTranspose", "InstanceNorm"]
      .flatMap((name) => [1, 2, 3].map((axes) => `Lazy${name}${axes}d`))
      .concat("LazyLinear")
      .map((name): [string, Counterpart] => [name, [null, lazy]]),
  ),
};

/** `torch.nn.functional`. */
export const functional: Readonly<Record<string, Counterpart>> = {
  affine_grid: ["affineGrid", "`size` is that of the image, without batch and channels"],
  batch_norm: [null, layer],
  bilinear: [null, layer],
  conv_tbc: ["conv1d", "for tensors with time first"],
  dropout1d: ["featureDropout", ""],
  dropout2d: ["featureDropout", ""],
  dropout3d: ["featureDropout", ""],
  embedding_bag: [null, layer],
  group_norm: [null, layer],
  grouped_mm: [null, "a product of matrices of different sizes: `matMul` for each"],
  instance_norm: [null, layer],
  linear_cross_entropy: ["crossEntropy", "after `linear`; the logits are held in memory whole"],
  logsigmoid: ["logSigmoid", ""],
  multi_head_attention_forward: ["MultiheadAttention", "as a layer"],
  native_channel_shuffle: ["channelShuffle", ""],
  normalize: [
    "normalizeVectors",
    "along the last axis unless said otherwise; `normalize` is the augmentation of images",
  ],
  scaled_dot_product_attention: ["scaledDotProductAttention", ""],
  scaled_grouped_mm: [null, quantized],
  scaled_mm: [null, quantized],
  upsample: ["interpolate", "deprecated in PyTorch"],
  upsample_bilinear: ["interpolate", "deprecated in PyTorch"],
  upsample_nearest: ["interpolate", "deprecated in PyTorch"],
  ...Object.fromEntries(
    ["celu", "elu", "hardtanh", "leaky_relu", "relu", "rrelu", "selu", "threshold"].map(
      (name): [string, Counterpart] => [`${name}_`, [null, inPlace]],
    ),
  ),
};

/** `torch.optim`. Optimizers are functions here. */
export const optim: Readonly<Record<string, Counterpart>> = {
  LBFGS: ["Lbfgs", ""],
  NAdam: ["nadam", ""],
  SparseAdam: [
    null,
    "gradients are dense here, also those of an `Embedding`, and a row that was looked up with gradient 0 cannot be distinguished from one that was not: `adam`, which moves all rows",
  ],
};
