import {
  BatchNorm1d,
  Embedding,
  Flatten,
  type Layer,
  LayerNorm,
  Linear,
  ReLU,
  Rng,
  Sequential,
  Unflatten,
} from "@pellucid/core-train";
import {
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";

const rng = new Rng(0);
const conv: Layer<Tensor4D, Tensor4D> = { forward: (x: Tensor4D) => x };
const last: Layer<Tensor2D, Tensor1D> = { forward: (x: Tensor2D): Tensor1D => reshape(x, [-1]) };

/** Compiles only if the two types are one. */
declare function same<A, B>(
  ..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
): void;

declare const images: Tensor4D;
declare const rows: Tensor2D;
declare const any: Tensor;

// the first layer that asks for a rank says what goes in, the last one what comes out
const net = new Sequential(new ReLU(), conv, new ReLU(), new Flatten(), new Linear(4, 2, { rng }));
same<Parameters<typeof net.forward>[0], Tensor4D>();
const logits = net.forward(images);
same<typeof logits, Tensor2D>();

const head = new Sequential(new Linear(4, 2, { rng }), new ReLU());
const kept = head.forward(rows);
same<typeof kept, Tensor2D>();

const nested = new Sequential(net, head, last);
const numbers = nested.forward(images);
same<typeof numbers, Tensor1D>();
const asLayer: Layer<Tensor4D, Tensor1D> = nested;
void asLayer;

new Sequential();

// @ts-expect-error: a convolution takes images, not rows
new Sequential(new Flatten(), conv);
// @ts-expect-error: not through layers that keep the rank either
new Sequential(new Flatten(), new ReLU(), new Linear(4, 4, { rng }), conv);
// @ts-expect-error: nor across a nested chain
new Sequential(net, conv);
// @ts-expect-error: not a layer
new Sequential(new ReLU(), 3);
// @ts-expect-error: rows are not images
net.forward(rows);
// @ts-expect-error: nor is a tensor of any rank
net.forward(any);

// layers that are made in a loop
const blocks: Layer<Tensor4D, Tensor4D>[] = [conv];
const tower = new Sequential(...blocks);
const towered = tower.forward(images);
same<typeof towered, Tensor4D>();
const mixed = new Sequential(conv, ...blocks, new Flatten());
const flat = mixed.forward(images);
same<typeof flat, Tensor2D>();

const bare: Layer<Tensor4D, Tensor4D>[] = [new ReLU(), conv, new Sequential(conv, new ReLU())];
void bare;

// sixty layers are not too deep for the checker
const r = new ReLU();
// prettier-ignore
const deep = new Sequential(conv, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r,
  r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, new Flatten());
const far = deep.forward(images);
same<typeof far, Tensor2D>();

// a chain of unknown layers still is a module that others can hold
const unknown: Sequential = net;
void unknown;

// shapes given as sizes say the rank
const grown = new Sequential(new Linear(4, 12, { rng }), new Unflatten([2, 2, 3]), conv);
const pictures = grown.forward(rows);
same<typeof pictures, Tensor4D>();

// a norm of rows or sequences keeps which of them came in
const normed = new Sequential(new Linear(4, 4, { rng }), new BatchNorm1d(4), last);
const few = normed.forward(rows);
same<typeof few, Tensor1D>();
// @ts-expect-error: images are neither
normed.forward(images);

// an embedding adds an axis to whatever rank comes in
const volume: Layer<Tensor3D, Tensor2D> = { forward: (x: Tensor3D): Tensor2D => reshape(x, [1, -1]) };
const words = new Sequential(new Embedding(9, 4, { rng }), new LayerNorm(4), volume);
const said = words.forward(rows);
same<typeof said, Tensor2D>();
const vectors = new Sequential(new Embedding(9, 4, { rng }), new ReLU()).forward(rows);
same<typeof vectors, Tensor3D>();
