export default {
  serverExternalPackages: [
    "@pellucid/backends",
    "@pellucid/core-train",
    "@pellucid/cnn",
    "@pellucid/datasets",
    "@tensorflow/tfjs-core",
  ],
};
