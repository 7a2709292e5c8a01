/** A positive real number as the engine holds it: mantissa * 2 ** exponent. */
export interface Scale {
  /** Below 65,536; at least 32,768 unless the number is 0. */
  mantissa: number;
  exponent: number;
}

/** The nearest whole number; halves go upwards. */
export function rounded(value: number): number {
  return Math.floor(value + 0.5);
}

/** Nearest scale with a 16-bit mantissa. */
export function toScale(value: number): Scale {
  if (value === 0) return { mantissa: 0, exponent: 0 };
  let exponent = Math.floor(Math.log2(value)) - 15;
  let mantissa = rounded(value / 2 ** exponent);
  if (mantissa > 0xffff) {
    exponent += 1;
    mantissa = rounded(value / 2 ** exponent);
  }
  return { mantissa, exponent };
}

/** A fraction as engine and image hold those of sampling: 16 fractional bits. */
export function toQ16(fraction: number): number {
  return Math.round(fraction * 65536);
}

export function fromQ16(fraction: number): number {
  return fraction / 65536;
}
