/**
 * Randomness by address: a generator is set to (seed, stream, i, j) and gives the same numbers for the same address whatever was drawn before.
 * So any person, visit or day can be made again on its own, in any order and on any number of processes, with the same result.
 *
 * sfc32 (Doty-Humphrey's small fast counter), seeded by four rounds of a 32-bit finalising hash. Not for secrets.
 */
export const STREAM = {
  household: 1,
  person: 2,
  plan: 3,
  visit: 4,
  clinic: 5,
  doctor: 6,
  record: 7,
  labs: 8,
  charges: 9,
  feedback: 10,
  web: 11,
  market: 12,
  effect: 13,
  course: 14,
  exam: 15,
  drugs: 16,
  talk: 17,
  device: 18,
  live: 19,
  imaging: 20,
  document: 21,
  nurse: 22,
  wearable: 23,
  bedside: 24,
  consult: 25,
  referral: 26,
  advert: 27,
  archive: 28,
} as const;

const mix = (hash: number, word: number): number => {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/** A seed as given on the command line (any text) as 32 bits. */
export function seedOf(text: string): number {
  let hash = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i) + i);
  return hash >>> 0;
}

export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;
  private spare = Number.NaN;

  at(seed: number, stream: number, i = 0, j = 0): this {
    let h = mix(seed | 0, Math.imul(stream, 0x9e3779b1));
    h = mix(h, i | 0);
    this.a = h = mix(h, j | 0);
    this.b = h = mix(h, 0x6a09e667);
    this.c = h = mix(h, 0x3c6ef372);
    this.d = 1;
    this.spare = Number.NaN;
    for (let n = 0; n < 6; n++) this.next();
    return this;
  }

  /** 32 random bits, unsigned. */
  next(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.next() * 2.3283064365386963e-10;
  }

  /** Uniform integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)] as T;
  }

  /** An index drawn by cumulative weights (see `cumulate`). */
  weighted(cumulative: ArrayLike<number>): number {
    const at = this.unit() * (cumulative[cumulative.length - 1] as number);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Standard normal (polar method, the second value kept for the next call). */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const kept = this.spare;
      this.spare = Number.NaN;
      return kept;
    }
    let u = 0;
    let v = 0;
    let s = 0;
    do {
      u = 2 * this.unit() - 1;
      v = 2 * this.unit() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    this.spare = v * scale;
    return u * scale;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.unit()) * mean;
  }

  /** Knuth's method; means here are small. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let n = 0;
    for (let p = this.unit(); p > limit; p *= this.unit()) n++;
    return n;
  }
}

/** Running sums of weights, for `Random.weighted`. */
export function cumulate(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sums[i] = sum += weights[i] as number;
  return sums;
}

export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
