// Looks for the number whose SHA-256 behind the salt is the wanted one. Written out (FIPS 180-4), because browsers have
// their own only at addresses with https, and ask for each digest in turn.
"use strict";

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first bits of the fractions of roots of primes.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  primes.forEach((prime, place) => {
    K[place] = fraction(Math.cbrt(prime));
    if (place < 8) START[place] = fraction(Math.sqrt(prime));
  });
}

const w = new Uint32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

// One block of 64 bytes into the state.
const block = (state, bytes, at) => {
  for (let t = 0; t < 16; t++) {
    const i = at + t * 4;
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    w[t] = w[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[t - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
};

onmessage = ({ data: { salt, digest, most } }) => {
  const words = new TextEncoder().encode(salt);
  const wanted = Uint32Array.from({ length: 8 }, (_, i) => parseInt(digest.slice(i * 8, i * 8 + 8), 16));
  // What every try begins with is worked out once.
  const whole = Math.floor(words.length / 64) * 64;
  const begun = Uint32Array.from(START);
  for (let at = 0; at < whole; at += 64) block(begun, words, at);
  const rest = words.subarray(whole);
  const bytes = new Uint8Array(128);
  const state = new Uint32Array(8);
  for (let number = 0; number <= most; number++) {
    const digits = String(number);
    const length = rest.length + digits.length;
    const end = length + 9 > 64 ? 128 : 64;
    bytes.fill(0);
    bytes.set(rest);
    for (let i = 0; i < digits.length; i++) bytes[rest.length + i] = digits.charCodeAt(i);
    bytes[length] = 0x80;
    const bits = (whole + length) * 8;
    for (let i = 0; i < 4; i++) bytes[end - 1 - i] = bits >>> (i * 8);
    state.set(begun);
    for (let at = 0; at < end; at += 64) block(state, bytes, at);
    if (state[0] === wanted[0] && state.every((value, i) => value === wanted[i])) {
      postMessage(number);
      return;
    }
  }
};
