import type { MethodName } from "./program.ts";

/** What a method is called, and what it asks. */
export const methodTexts: Readonly<Record<MethodName, readonly [title: string, asks: string]>> = {
  gradient: ["Gradient", "Where would a small change of a pixel change the score most?"],
  smoothGrad: ["SmoothGrad", "The same, averaged over 24 noisy copies."],
  gradientTimesInput: ["Gradient × input", "If this pixel faded a little, would the score drop?"],
  integratedGradients: ["Integrated gradients", "How much of the score comes from this pixel?"],
  deepLift: ["DeepLIFT", "How much, compared with an empty page?"],
  lrp: ["LRP", "How is the score shared out, layer by layer, back to the pixels?"],
  guidedBackprop: ["Guided backprop", "Which pixels pass every ReLU, forwards and backwards?"],
  gradCam: ["Grad-CAM", "Which maps of convolution 2 speak for the class, and where?"],
  layerCam: ["LayerCAM", "The same, weighed position by position."],
  occlusion: ["Occlusion", "How far does the score drop when a 5 × 5 patch here is blank?"],
  edges: ["Control: edges only", "Never asks the network. Do the tests catch it?"],
};
