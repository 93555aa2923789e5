import { type DataId, engine, type KernelBackend } from "@tensorflow/tfjs-core";

/** A tensor that was on one backend and went into an op on another. */
export interface TensorMove {
  /** tfjs' name of the backend it was on. */
  readonly from: string;
  /** tfjs' name of the backend it is on now. */
  readonly to: string;
}

/** Called when a tensor moves from one backend to another. */
export type TensorMoveListener = (move: TensorMove) => void;

/** An op was given a tensor that is on another backend than the op. */
export class TensorElsewhereError extends Error {
  override readonly name = "TensorElsewhereError";

  constructor({ from, to }: TensorMove, shape: readonly number[]) {
    super(
      `An op on ${to} was given a tensor [${shape.join(", ")}] that is on ${from}. ` +
        "Make tensors after useBackend, or move them with await moveTensors(…); see onTensorMoved.",
    );
  }
}

const listeners = new Set<TensorMoveListener>();

/**
 * Lets tensors move from one backend to another automatically, and calls `listener` each time: a move costs a read and a write, and a
 * GPU in Node cannot be read synchronously. Without a listener, an op that is given a tensor of another backend throws a
 * {@link TensorElsewhereError}. {@link moveTensors} moves them explicitly.
 *
 * @returns a function that removes the listener
 */
export function onTensorMoved(listener: TensorMoveListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Watches for moves, which tfjs makes without notice. */
export function watchMoves(): void {
  const own = engine();
  if (watching.has(own)) return;
  watching.add(own);
  const move = own.moveData.bind(own);
  own.moveData = (backend: KernelBackend, data: DataId) => {
    const info = own.state.tensorInfo.get(data);
    const way = { from: nameOf(info?.backend), to: nameOf(backend) };
    if (info !== undefined && listeners.size === 0) throw new TensorElsewhereError(way, info.shape);
    move(backend, data);
    for (const listener of listeners) listener(way);
  };
}

const watching = new WeakSet<object>();

function nameOf(backend: KernelBackend | undefined): string {
  const found = Object.entries(engine().registry).find(([, own]) => own === backend);
  return found?.[0] ?? "a removed backend";
}
