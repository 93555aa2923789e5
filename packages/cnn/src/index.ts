// small nets for digits
export { DigitsCnn } from "./digits-cnn.ts";
export { MnistMlp, type MnistNetOptions } from "./mnist-mlp.ts";
export { MnistCnn } from "./mnist-cnn.ts";
export { InceptionA } from "./inception-a.ts";
export { MnistInception } from "./mnist-inception.ts";
export { MnistResNet, ResidualBlock } from "./mnist-res-net.ts";
