// tfjs-core does not register its gradients by itself, and lacks those of comparisons; this must come first.
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { registerZeroGradients } from "./register-zero-gradients.ts";

registerZeroGradients();
