import { checkProbabilities, type Module, noGrad, stateOf, withWeights } from "@pellucid/core-train";
import { add, mul, type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";

/** A copy of a network's weights that follows them slowly, for targets that do not move with every step. `forward` is that of the network, with the copied weights. */
export class TargetNetwork<In, Out> {
  readonly #network: Module & { forward(input: In): Out };
  readonly #weights: Readonly<Record<string, Variable>>;

  constructor(network: Module & { forward(input: In): Out }) {
    this.#network = network;
    this.#weights = Object.fromEntries(
      Object.entries(stateOf(network)).map(([path, weight]) => [path, variable(weight, false)]),
    );
  }

  /** The network's output with the copied weights; nothing is recorded for gradients. */
  forward(input: In): Out {
    return withWeights(this.#network, this.#weights, () =>
      noGrad(() => this.#network.forward(input) as Tensor),
    ) as Out;
  }

  /** `θ′ ← τ θ + (1 − τ) θ′`. @param tau 1 copies the weights */
  update(tau = 1): void {
    checkProbabilities("TargetNetwork", { tau });
    for (const [path, weight] of Object.entries(stateOf(this.#network))) {
      const copy = this.#weights[path] as Variable;
      const moves = tau < 1 && weight.dtype === "float32";
      tidy(() => copy.assign(moves ? (add(mul(tau, weight), mul(1 - tau, copy)) as Variable) : weight));
    }
  }

  dispose(): void {
    for (const weight of Object.values(this.#weights)) weight.dispose();
  }
}
