import type { Rng } from "../rng/rng.ts";
import type { Image } from "./image.ts";

/**
 * Transforms an image at random. It draws from `rng` in torchvision's order, so that the same seed gives the
 * same image there and here, and leaves its input as it is; what it returns may be that very input. Pure host code: it
 * runs in workers.
 */
export type Augmentation = (image: Image, rng: Rng) => Image;
