import {
  checkOptions,
  checkSizes,
  type Layer,
  Module,
  type Rng,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import { add, mul, type Tensor, type Tensor1D, tensor, zeros } from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";
import { fieldTrace } from "./field-trace.ts";
import type { FieldInput } from "./mlp-field.ts";

/** Options for {@link ContinuousFlow}. */
export interface ContinuousFlowOptions {
  /** Steps of the solver, of the classical Runge–Kutta method. Default: 20. */
  readonly steps?: number;
  /** Random generator of the probes by which the trace is estimated, one per solution. Default: none, the trace is exact. */
  readonly traceRng?: Rng;
}

interface State {
  readonly x: Tensor;
  readonly logDet: Tensor1D;
}

/**
 * Data flows to noise along a velocity field, from time 0 to 1: `dx/dt = f(x, t)`, while the logarithm of the density falls by the trace of the field's
 * Jacobian. Any field will do, as differential equations can be solved backwards.
 *
 * Chen et al., 2018, eq. 8. https://arxiv.org/abs/1806.07366; Grathwohl et al., 2018. https://arxiv.org/abs/1810.01367. The gradient is that of the
 * solver's steps. Probes are drawn as `torch.randint(0, 2, x.shape) * 2 - 1`.
 */
export class ContinuousFlow extends Module implements Bijection, Layer<Tensor, Transformed> {
  readonly field: Module & Layer<FieldInput, Tensor>;
  readonly steps: number;
  readonly #traceRng: Rng | undefined;

  constructor(field: Module & Layer<FieldInput, Tensor>, options: ContinuousFlowOptions = {}) {
    super();
    checkOptions("ContinuousFlow", options, ["steps", "traceRng"]);
    const { steps = 20, traceRng } = options;
    checkSizes("ContinuousFlow", { steps });
    this.field = field;
    this.steps = steps;
    this.#traceRng = traceRng;
  }

  /** @param x `[batch, feature]` */
  forward(x: Tensor): Transformed {
    return this.#solve(x, 0, 1);
  }

  /** @param y `[batch, feature]` */
  inverse(y: Tensor): Transformed {
    return this.#solve(y, 1, 0);
  }

  #solve(x: Tensor, from: number, to: number): Transformed {
    return tidyLeaves(() => {
      const probe = this.#probe(x.shape);
      const change = ({ x: at }: State, time: number): State => ({
        x: this.field.forward({ x: at, time }),
        logDet: fieldTrace((here) => this.field.forward({ x: here, time }), at, probe),
      });
      const h = (to - from) / this.steps;
      let state: State = { x, logDet: zeros([sizeAlong(x, 0)]) };
      for (let i = 0; i < this.steps; i++) state = rungeKutta(change, state, from + i * h, h);
      return { output: state.x, logDet: state.logDet };
    });
  }

  #probe(shape: readonly number[]): Tensor | undefined {
    const rng = this.#traceRng;
    if (rng === undefined) return undefined;
    return tensor(
      Float32Array.from(rng.randint(0, 2, shape).data, (bit) => 2 * bit - 1),
      [...shape],
    );
  }
}

function rungeKutta(
  change: (state: State, time: number) => State,
  state: State,
  time: number,
  h: number,
): State {
  const k1 = change(state, time);
  const k2 = change(moved(state, k1, h / 2), time + h / 2);
  const k3 = change(moved(state, k2, h / 2), time + h / 2);
  const k4 = change(moved(state, k3, h), time + h);
  return [k1, k2, k2, k3, k3, k4].reduce((sum, k) => moved(sum, k, h / 6), state);
}

function moved(state: State, by: State, h: number): State {
  return { x: add(state.x, mul(h, by.x)), logDet: add(state.logDet, mul(h, by.logDet)) };
}
