import { getGradient, registerGradient } from "@tensorflow/tfjs-core";
import { keepGradients } from "./tfjs-gradients/keep-gradients.ts";
import { registerHigherOrder } from "./tfjs-gradients/register-higher-order.ts";
import { registerPowGradient } from "./tfjs-gradients/register-pow-gradient.ts";
import { registerTfjsGradients } from "./tfjs-gradients/register-tfjs-gradients.ts";
import { registerTileGradient } from "./tfjs-gradients/register-tile-gradient.ts";
import { registerZeroGradients } from "./tfjs-gradients/register-zero-gradients.ts";
import * as tfjsConfigs from "./tfjs-gradients/tfjs-configs.ts";

// tfjs-core registers no gradient by itself, lacks those of comparisons, and has wrong ones of other ops.
const ofTfjs = Object.values(tfjsConfigs);
ofTfjs.forEach(registerGradient);
registerZeroGradients();
registerHigherOrder();
registerTfjsGradients();
registerPowGradient();
registerTileGradient();

const replaced = ofTfjs.filter((config) => getGradient(config.kernelName) !== config);
keepGradients(replaced.map(({ kernelName }) => kernelName));
