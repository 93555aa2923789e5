import { checkProbabilities, type Module, noGrad, stateOf, withWeights } from "@pellucid/core-train";
import { add, clone, dispose, keep, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** A copy of a network's weights that follows them slowly, for targets that do not move with every step. `forward` is that of the network, with the copied weights. */
export class TargetNetwork<In, Out> {
  readonly #network: Module & { forward(input: In): Out };
  #weights: Readonly<Record<string, Tensor>>;

  constructor(network: Module & { forward(input: In): Out }) {
    this.#network = network;
    this.#weights = copies(stateOf(network));
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
    const [now, before] = [stateOf(this.#network), this.#weights];
    this.#weights = tidy(() =>
      copies(
        Object.fromEntries(
          Object.entries(now).map(([path, weight]): [string, Tensor] => {
            const moves = tau < 1 && weight.dtype === "float32";
            return [path, moves ? add(mul(tau, weight), mul(1 - tau, before[path] as Tensor)) : weight];
          }),
        ),
      ),
    );
    dispose(Object.values(before));
  }

  dispose(): void {
    dispose(Object.values(this.#weights));
  }
}

function copies(weights: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(weights).map(([path, weight]) => [path, keep(clone(weight))]));
}
