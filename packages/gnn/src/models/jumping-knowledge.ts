import {
  checkChoice,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  LSTM,
  max,
  Module,
  OptionError,
  type Rng,
  softmax,
} from "@pellucid/core-train";
import {
  concat,
  expandDims,
  mul,
  squeeze,
  stack,
  sum,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { redraw } from "../redraw.ts";

/** How the layers of a network become one: side by side, the largest, or weighted by an LSTM. */
export type JumpingKnowledgeMode = "cat" | "max" | "lstm";

/** Options for {@link JumpingKnowledge}; an LSTM asks for all. */
export interface JumpingKnowledgeOptions {
  /** The features of each layer. */
  readonly channels?: number;
  /** How many layers there are. */
  readonly numLayers?: number;
  /** Random generator for initialization. */
  readonly rng?: Rng;
}

/**
 * Joins what several layers say about each node: `[x₁, x₂, …]`, their maximum, or `Σ αₗ xₗ` with weights of a bidirectional LSTM over the layers.
 *
 * Xu et al., 2018. Representation learning on graphs with jumping knowledge networks. https://arxiv.org/abs/1806.03536
 */
export class JumpingKnowledge extends Module implements Layer<readonly Tensor2D[], Tensor2D> {
  readonly mode: JumpingKnowledgeMode;
  readonly lstm: LSTM | null;
  readonly att: Linear | null;

  constructor(mode: JumpingKnowledgeMode, options: JumpingKnowledgeOptions = {}) {
    super();
    checkOptions("JumpingKnowledge", options, ["channels", "numLayers", "rng"]);
    checkChoice("JumpingKnowledge", "mode", mode, ["cat", "max", "lstm"]);
    this.mode = mode;
    this.lstm = null;
    this.att = null;
    if (mode !== "lstm") return;
    checkRng("JumpingKnowledge", { rng: options.rng });
    const { channels, numLayers, rng } = options as Required<JumpingKnowledgeOptions>;
    checkSizes("JumpingKnowledge", { channels, numLayers });
    const hidden = Math.floor((numLayers * channels) / 2);
    checkSizes("JumpingKnowledge", { "numLayers · channels / 2": hidden });
    this.lstm = new LSTM(channels, hidden, { rng, bidirectional: true });
    this.att = new Linear(2 * hidden, 1, { rng });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    if (this.lstm !== null) redraw(this.lstm, rng);
    if (this.att !== null) redraw(this.att, rng);
  }

  /**
   * @param xs `[node, feature]` each
   * @returns `[node, feature]`; with `"cat"` as many times the features
   */
  forward(xs: readonly Tensor2D[]): Tensor2D {
    if (xs.length === 0) throw new OptionError("JumpingKnowledge", "xs", "[]", "one layer or more");
    const { mode, lstm, att } = this;
    return tidy(() => {
      if (mode === "cat") return concat([...xs], 1);
      if (lstm === null || att === null) return max<Tensor2D>(stack([...xs], 2), 2).values;
      const layers = stack([...xs], 1) as Tensor3D; // [node, layer, feature]
      const scores = squeeze<Tensor2D>(att.forward(lstm.forward(layers)), [2]); // [node, layer]
      return sum(mul(layers, expandDims(softmax(scores), 2)), 1);
    });
  }
}
