/** The ops that map every number by itself and bend: by name, as the core and tfjs have them. Their input is `x`. */
export const activationOps: readonly string[] = [
  "PellucidRelu",
  "PellucidLeakyRelu",
  "PellucidElu",
  "PellucidCelu",
  "PellucidSelu",
  "PellucidGelu",
  "PellucidGeluTanh",
  "PellucidSilu",
  "PellucidMish",
  "PellucidSigmoid",
  "PellucidLogSigmoid",
  "PellucidTanh",
  "PellucidSoftplus",
  "PellucidSoftsign",
  "PellucidHardtanh",
  "PellucidHardsigmoid",
  "PellucidHardswish",
  "PellucidTanhshrink",
  "Relu",
  "Relu6",
  "LeakyRelu",
  "Elu",
  "Selu",
  "Sigmoid",
  "Softplus",
  "Tanh",
];

/** Those of them that are `max(0, x)`, capped or not. */
export const reluOps: readonly string[] = ["PellucidRelu", "Relu", "Relu6"];
