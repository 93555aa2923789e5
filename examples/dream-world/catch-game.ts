import type { Rng } from "@pellucid/core-train";

/** Height and width of a frame. */
export const size = 16;
/** What a player can do: the paddle goes left, stays, goes right. */
export const actions = ["left", "stay", "right"] as const;

const paddleWidth = 5;

/** Where everything is: a ball of 2 × 2 pixels that bounces off the walls and the paddle; missed, it starts again at the top. */
export interface Game {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** The left end of the paddle. */
  readonly paddle: number;
}

/** A game at a random position. */
export function startGame(rng: Rng): Game {
  const [x = 0, y = 0, right = 0, down = 0, paddle = 0] = rng.rand([5]).data;
  return {
    x: Math.floor(x * (size - 1)),
    y: Math.floor(y * (size - 4)),
    dx: right < 0.5 ? -1 : 1,
    dy: down < 0.5 ? -1 : 1,
    paddle: Math.floor(paddle * (size - paddleWidth + 1)),
  };
}

/** The game one frame later. The paddle moves by two pixels. */
export function play({ x, y, dx, dy, paddle }: Game, action: number): Game {
  const moved = Math.min(Math.max(paddle + 2 * (action - 1), 0), size - paddleWidth);
  const toRight = x + dx < 0 || x + dx > size - 2 ? -dx : dx;
  const nextX = x + toRight;
  if (y + dy < 0) return { x: nextX, y: y - dy, dx: toRight, dy: -dy, paddle: moved };
  if (y + dy <= size - 3) return { x: nextX, y: y + dy, dx: toRight, dy, paddle: moved };
  const isCaught = nextX + 1 >= moved && nextX < moved + paddleWidth;
  if (isCaught) return { x: nextX, y: y - dy, dx: toRight, dy: -dy, paddle: moved };
  return { x: 7, y: 0, dx: toRight, dy: 1, paddle: moved };
}

/** The pixels of a game, −1 for black to 1 for white. */
export function frame({ x, y, paddle }: Game): Float32Array {
  const pixels = new Float32Array(size * size).fill(-1);
  for (let row = y; row < y + 2; row++)
    for (let column = x; column < x + 2; column++) pixels[row * size + column] = 1;
  for (let i = 0; i < paddleWidth; i++) pixels[(size - 1) * size + paddle + i] = 0.5;
  return pixels;
}

/** What a player does who follows the ball, and at times does anything. */
export function policy({ x, paddle }: Game, rng: Rng): number {
  const [anything = 0, what = 0] = rng.rand([2]).data;
  if (anything < 0.5) return Math.min(2, Math.floor(what * 3));
  return 1 + Math.sign(x - (paddle + 2));
}
