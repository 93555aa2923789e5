// tfjs-core does not register its gradients by itself, lacks those of comparisons, and has wrong ones of gradients; this must come first.
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { registerHigherOrder } from "./tfjs-gradients/register-higher-order.ts";
import { registerPowGradient } from "./tfjs-gradients/register-pow-gradient.ts";
import { registerTfjsGradients } from "./tfjs-gradients/register-tfjs-gradients.ts";
import { registerTileGradient } from "./tfjs-gradients/register-tile-gradient.ts";
import { registerZeroGradients } from "./tfjs-gradients/register-zero-gradients.ts";

registerZeroGradients();
registerHigherOrder();
registerTfjsGradients();
registerPowGradient();
registerTileGradient();
