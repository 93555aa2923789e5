// A model for the command line.
import { Linear, type Rng, Sequential, Tanh } from "@pellucid/core-train";

export default (rng: Rng) => new Sequential(new Linear(4, 3, { rng }), new Tanh());
