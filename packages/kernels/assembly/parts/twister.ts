// The Mersenne Twister MT19937 of Matsumoto and Nishimura, 1998: 624 words in memory, and after them how many have been given out.

const SIZE = 624;
const MIDDLE = 397;
const FIRST = SIZE - MIDDLE;

/** Continues as if `count` numbers had been given out. */
export function skipWords(state: usize, count: i32): void {
  let position = load<i32>(state, 4 * SIZE);
  while (count > SIZE - position) {
    count -= SIZE - position;
    renew(state);
    position = 0;
  }
  store<i32>(state, position + count, 4 * SIZE);
}

/** Writes the next numbers. */
export function fillWords32(state: usize, to: usize, count: i32): void {
  let position = load<i32>(state, 4 * SIZE);
  while (count > 0) {
    if (position == SIZE) {
      renew(state);
      position = 0;
    }
    const now = min(count, SIZE - position);
    let from = state + ((<usize>position) << 2);
    let left = now;
    for (; left >= 4; left -= 4, from += 16, to += 16) v128.store(to, tempered(v128.load(from)));
    for (; left > 0; left--, from += 4, to += 4)
      store<i32>(to, i32x4.extract_lane(tempered(v128.load32_zero(from)), 0));
    count -= now;
    position += now;
  }
  store<i32>(state, position, 4 * SIZE);
}

/** The next 624 words: each of two neighbors before, and of the word 397 further on, which is 227 back where those are new already. */
function renew(state: usize): void {
  let i = 0;
  for (; i <= FIRST - 4; i += 4) renewFour(state, i, MIDDLE);
  for (; i < FIRST; i++) renewOne(state, i, i + 1, i + MIDDLE);
  for (; i <= SIZE - 5; i += 4) renewFour(state, i, -FIRST);
  for (; i < SIZE - 1; i++) renewOne(state, i, i + 1, i - FIRST);
  renewOne(state, i, 0, i - FIRST);
}

function renewFour(state: usize, i: i32, far: i32): void {
  const at = state + ((<usize>i) << 2);
  const high = v128.and(v128.load(at), i32x4.splat(0x80000000));
  const mixed = v128.or(high, v128.and(v128.load(at, 4), i32x4.splat(0x7fffffff)));
  const odd = i32x4.sub(i32x4.splat(0), v128.and(mixed, i32x4.splat(1)));
  const twisted = v128.xor(i32x4.shr_u(mixed, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
  v128.store(at, v128.xor(v128.load(at + ((<usize>far) << 2)), twisted));
}

function renewOne(state: usize, i: i32, next: i32, far: i32): void {
  const mixed = (word(state, i) & 0x80000000) | (word(state, next) & 0x7fffffff);
  const twisted = (mixed >>> 1) ^ (-(mixed & 1) & 0x9908b0df);
  store<u32>(state + ((<usize>i) << 2), word(state, far) ^ twisted);
}

function word(state: usize, i: i32): u32 {
  return load<u32>(state + ((<usize>i) << 2));
}

function tempered(words: v128): v128 {
  let bits = v128.xor(words, i32x4.shr_u(words, 11));
  bits = v128.xor(bits, v128.and(i32x4.shl(bits, 7), i32x4.splat(0x9d2c5680)));
  bits = v128.xor(bits, v128.and(i32x4.shl(bits, 15), i32x4.splat(0xefc60000)));
  return v128.xor(bits, i32x4.shr_u(bits, 18));
}
