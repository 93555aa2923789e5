import { backend_util, engine, type KernelBackend, type DataId } from "@tensorflow/tfjs-core";

/** A tensor that was on one backend and went into an op on another. */
export interface TensorMove {
  /** tfjs' name of the backend it was on. */
  readonly from: string;
  /** tfjs' name of the backend it is on now. */
  readonly to: string;
}

/** What is called when a tensor goes from one backend to another. */
export type TensorMoveListener = (move: TensorMove) => void;

const listeners = new Set<TensorMoveListener>();
const warned = new Set<string>();

/**
 * Calls `listener` whenever a tensor goes from one backend to another because an op on the other needs it. While nobody
 * listens, the first move in each direction is a warning on the console: each costs a read and a write.
 *
 * @returns what stops listening
 */
export function onTensorMoved(listener: TensorMoveListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begins to tell of moves; tfjs itself makes them without a word. */
export function watchMoves(): void {
  const own = engine();
  if (watching.has(own)) return;
  watching.add(own);
  const move = own.moveData.bind(own);
  own.moveData = (backend: KernelBackend, data: DataId) => {
    const from = nameOf(own.state.tensorInfo.get(data)?.backend);
    move(backend, data);
    tell({ from, to: nameOf(backend) });
  };
}

const watching = new WeakSet<object>();

function nameOf(backend: KernelBackend | undefined): string {
  const found = Object.entries(engine().registry).find(([, own]) => own === backend);
  return found?.[0] ?? "a backend that is gone";
}

function tell(move: TensorMove): void {
  for (const listener of listeners) listener(move);
  const way = `${move.from} to ${move.to}`;
  if (listeners.size > 0 || warned.has(way)) return;
  warned.add(way);
  backend_util.warn(
    `A tensor was moved from ${way}, because an op there needs it. Make tensors after useBackend; see onTensorMoved.`,
  );
}
