import { type Layer, Module, type Rng, type TorchLayout } from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BasicConv2d } from "./basic-conv2d.ts";
import type { MapLayer } from "./chain.ts";

type Kernel = number | readonly [height: number, width: number];

/** A convolution by torchvision's name. With stride 1 it preserves the size, with stride 2 it has no padding. */
export type NamedConv = readonly [name: string, outChannels: number, kernelSize: Kernel, stride?: 2];

/** A pooling or none, then convolutions one after the other; the last may be several whose outputs are concatenated. */
export interface InceptionBranch {
  readonly pool?: MapLayer;
  readonly convs: readonly NamedConv[];
  readonly fork?: readonly NamedConv[];
}

/** Parallel branches, concatenated along the channels: a module of Inception v3, stated as a table. */
export class InceptionBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly convs: Readonly<Record<string, BasicConv2d>>;
  readonly outChannels: number;
  readonly #branches: readonly InceptionBranch[];

  constructor(inChannels: number, branches: readonly InceptionBranch[], { rng }: { readonly rng: Rng }) {
    super();
    const named: [string, BasicConv2d][] = [];
    const add = (from: number, [name, out, kernel, halved]: NamedConv): number => {
      const stride = halved ?? 1;
      const [height, width] = typeof kernel === "number" ? [kernel, kernel] : kernel;
      const padding = stride === 1 ? ([(height - 1) / 2, (width - 1) / 2] as const) : 0;
      named.push([name, new BasicConv2d(from, out, [height, width], { rng, stride, padding })]);
      return out;
    };
    const widths = branches.map(({ convs, fork }) => {
      const last = convs.reduce(add, inChannels);
      return fork === undefined ? last : fork.reduce((sum, conv) => sum + add(last, conv), 0);
    });
    this.convs = Object.fromEntries(named);
    this.outChannels = widths.reduce((sum, width) => sum + width, 0);
    this.#branches = branches;
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(Object.keys(this.convs).map((name) => [`convs.${name}`, { name }]));
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height', width', outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    const run = (maps: Tensor4D, [name]: NamedConv): Tensor4D =>
      (this.convs[name] as BasicConv2d).forward(maps);
    return tidy(() => {
      const outputs = this.#branches.flatMap(({ pool, convs, fork }) => {
        const maps = convs.reduce(run, pool === undefined ? x : pool.forward(x));
        return fork === undefined ? [maps] : fork.map((conv) => run(maps, conv));
      });
      return concat(outputs, 3);
    });
  }
}
