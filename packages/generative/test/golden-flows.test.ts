// Conventions and edges where flows go wrong: cases with numbers from outside.
import { useBackend } from "@pellucid/backends";
import {
  type Layer,
  loadWeights,
  matMul,
  Module,
  Rng,
  sizeOf,
  torchStateOf,
  training,
} from "@pellucid/core-train";
import {
  ActNorm,
  AffineCoupling,
  ContinuousFlow,
  fieldTrace,
  type FieldInput,
  Flow,
  InvertibleConv1x1,
  rationalQuadraticSpline,
  type SplineOptions,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import {
  mul,
  neg,
  tanh,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  type Tensor2D,
  tensor4d,
  tile,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Golden {
  readonly kind: keyof typeof kinds;
  readonly name: string;
  // the fields differ from kind to kind
  readonly input: any; // oxlint-disable-line typescript/no-explicit-any
  readonly right: any; // oxlint-disable-line typescript/no-explicit-any
}

const near = { rtol: 3e-6, atol: 3e-6 };
const flat = (x: unknown): number[] => [x].flat(Infinity as 1) as number[];
const channelsLast = (nchw: number[][][][]) => transpose<Tensor>(tensor4d(nchw), [0, 2, 3, 1]);
const channelsFirst = (x: Tensor) => transpose<Tensor>(x, [0, 3, 1, 2]);

/** `f(W x)` of each example. */
class Product extends Module implements Layer<Tensor, Tensor> {
  readonly #weight: Tensor2D;
  readonly #after: (x: Tensor) => Tensor;
  constructor(weight: number[][], after = (x: Tensor) => x) {
    super();
    this.#weight = tensor2d(weight);
    this.#after = after;
  }
  forward(x: Tensor): Tensor {
    return this.#after(matMul(x, this.#weight, false, true));
  }
}

class LinearField extends Module implements Layer<FieldInput, Tensor> {
  readonly #product: Product;
  constructor(matrix: number[][]) {
    super();
    this.#product = new Product(matrix);
  }
  forward({ x }: FieldInput): Tensor {
    return this.#product.forward(x);
  }
}

const kinds = {
  "realnvp-coupling"({ input, right }: Golden) {
    const coupling = new AffineCoupling(input.mask, {
      scale: new Product(input.W_scale, tanh),
      shift: new Product(input.W_shift),
    });
    const x = tensor2d(input.x);
    const { output, logDet } = coupling.forward(x);
    expect(output).toBeAllclose(flat(right.y), near);
    expect(logDet).toBeAllclose(right.logdet_x_to_y, near);
    const back = coupling.inverse(output);
    expect(back.output).toBeAllclose(x, near);
    expect(back.logDet).toBeAllclose(right.logdet_inverse, near);
    expect(new Flow([coupling]).logProb(x)).toBeAllclose(right.log_p_x_standard_normal_base, near);
  },

  async "actnorm-init"({ input, right }: Golden) {
    const x = channelsLast(input.x_nchw);
    const channels = right.bias.length;
    const norm = new ActNorm(channels);
    expect(norm.forward(x).output).toBeAllclose(x); // inference does not set it
    const { output, logDet } = training(norm, () => norm.forward(x));
    const set = () => [norm.bias, norm.logScale];
    const expectSet = () => {
      const [bias, logScale] = set();
      expect(bias!).toBeAllclose(right.bias, near);
      expect(logScale!).toBeAllclose(right.log_scale, near);
    };
    expectSet();
    expect(logDet).toBeAllclose(Array(x.shape[0]).fill(right.logdet_per_image), near);
    const positions = sizeOf(x.shape) / channels;
    const means = Array.from({ length: channels }, (_, c) =>
      [...output.dataSync()].filter((_value, i) => i % channels === c).reduce((a, b) => a + b / positions, 0),
    );
    expect(means).toBeAllclose(right.output_mean, near);
    training(norm, () => norm.forward(mul(x, 2))); // a second batch
    expectSet();
    const loaded = new ActNorm(channels);
    loadWeights(loaded, await torchStateOf(norm));
    training(loaded, () => loaded.forward(mul(x, 2)));
    expect(loaded.bias).toBeAllclose(right.bias, near);
  },

  "glow-1x1-lu"({ input, right }: Golden) {
    const n = input.P.length;
    const conv = new InvertibleConv1x1(n, { rng: new Rng(0) });
    const matrix = (rows: number[][]) => ({ data: Float32Array.from(flat(rows)), shape: [n, n] });
    const vector = (values: number[]) => ({ data: Float32Array.from(values), shape: [n] });
    const s: number[] = input.s_with_signs;
    loadWeights(conv, {
      permutation: matrix(input.P),
      sign: vector(s.map(Math.sign)),
      lower: matrix(input.L),
      upper: matrix(input.U),
      log_scale: vector(s.map((value) => Math.log(Math.abs(value)))),
    });
    expect(conv.weight()).toBeAllclose(flat(right.W_out_by_in), near);
    const x = channelsLast(input.x_nchw);
    const { output, logDet } = conv.forward(x);
    expect(channelsFirst(output)).toBeAllclose(flat(right.y), near);
    expect(logDet).toBeAllclose(Array(x.shape[0]).fill(right.logdet_per_image), near);
    const back = conv.inverse(output);
    expect(channelsFirst(back.output)).toBeAllclose(flat(right.x_back), near);
    expect(back.logDet).toBeAllclose(neg(logDet), near);
  },

  "rational-quadratic-spline"({ input, right }: Golden) {
    const x = tensor1d(input.x);
    const each = (values: number[]) => tile(tensor2d([values]), [x.size, 1]);
    const parameters = {
      widths: each(input.unnormalized_widths),
      heights: each(input.unnormalized_heights),
      derivatives: each(input.unnormalized_inner_derivatives),
    };
    const { tail_bound: tailBound, min_width: minWidth, min_height: minHeight } = input;
    const options: SplineOptions = { tailBound, minWidth, minHeight, minDerivative: input.min_derivative };
    // a bin of a steep spline: 32 bits round its ends by 4e-7
    const nearby = { rtol: 1e-5, atol: 1e-5 };
    const there = rationalQuadraticSpline(x, parameters, options);
    expect(there.output).toBeAllclose(right.y, nearby);
    expect(there.logDerivative).toBeAllclose(right.logdet, nearby);
    const back = rationalQuadraticSpline(tensor1d(right.y), parameters, { ...options, inverse: true });
    // where the derivative is e^−3.2, a rounding of y is 24 times as large in x
    expect(back.output).toBeAllclose(right.x_back, { rtol: 2e-5, atol: 2e-5 });
    expect(back.logDerivative).toBeAllclose(right.logdet_back, { rtol: 1e-4, atol: 1e-4 });
    const one = rationalQuadraticSpline(
      tensor1d([0, 5]),
      Object.fromEntries(
        Object.entries(parameters).map(([name, values]) => [
          name,
          mul(
            tile(tensor2d([[1]]), [2, values.shape[1]]),
            name === "derivatives" ? right.inner_parameter_for_derivative_1 : 0,
          ),
        ]),
      ) as unknown as typeof parameters,
      options,
    );
    expect(one.logDerivative).toBeAllclose([0, 0], near); // softplus of it is 1: the identity
  },

  "cnf-trace"({ input, right }: Golden) {
    const z0 = tensor2d([input.z0]);
    const linear = new LinearField(input.A);
    const field = (x: Tensor) => linear.forward({ x, time: 0 });
    expect(fieldTrace(field, z0)).toBeAllclose([right.trace], near);
    for (const [i, probe] of input.rademacher.entries())
      expect(fieldTrace(field, z0, tensor2d([probe]))).toBeAllclose([right.estimates[i]], near);
    const flow = new ContinuousFlow(linear);
    const { output, logDet } = flow.forward(z0);
    expect(output).toBeAllclose(right.z1, near);
    expect(neg(logDet)).toBeAllclose([right.log_p_z1_minus_log_p_z0], near); // density falls by the trace
    expect(flow.inverse(output).output).toBeAllclose(input.z0, near);
    const estimated = new ContinuousFlow(linear, { traceRng: new Rng(0) }).forward(z0).logDet.dataSync()[0];
    const possible = new Set<number>();
    for (let bits = 0; bits < 2 ** input.z0.length; bits++) {
      const e = input.z0.map((_: number, i: number) => ((bits >> i) & 1) * 2 - 1);
      possible.add(fieldTrace(field, z0, tensor([e])).dataSync()[0] as number);
    }
    const closest = Math.min(...[...possible].map((value) => Math.abs(value - (estimated as number))));
    expect(closest).toBeLessThan(1e-5); // one probe for the whole solution
  },
};

const cases = fixture<Golden[]>(import.meta.url, "../fixtures/golden/flows.json");

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  test.for(cases)("$kind: $name", (c) => kinds[c.kind](c));
});
