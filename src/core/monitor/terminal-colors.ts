/** The style of a terminal's text, as set by SGR sequences (ECMA-48, 8.3.117). */
export interface Pen {
  /** One of the 16 colours of terminals. */
  color?: number;
  background?: number;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  strike?: boolean;
}

const attributes = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const;

/** SGR parameter -> the attribute that it sets. */
const sets: Record<number, (typeof attributes)[number]> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};

/** SGR parameter -> the attributes that it resets. */
const resets: Record<number, readonly (keyof Pen)[]> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['color'],
  49: ['background'],
};

/** The pen after an SGR sequence with these parameters; unknown ones have no effect. */
export function penAfter(before: Pen, parameters: string): Pen {
  const codes = parameters.split(/[;:]/).map(Number);
  let pen: Pen = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    const set = sets[code];
    if (code === 0) pen = {};
    else if (set) pen[set] = true;
    else if (code >= 30 && code <= 37) pen.color = code - 30;
    else if (code >= 90 && code <= 97) pen.color = code - 82;
    else if (code >= 40 && code <= 47) pen.background = code - 40;
    else if (code >= 100 && code <= 107) pen.background = code - 92;
    else if (code === 38 || code === 48) {
      const { color, length } = extendedColor(codes.slice(at + 1));
      if (color !== undefined) pen[code === 38 ? 'color' : 'background'] = color;
      at += length;
    }
    for (const name of resets[code] ?? []) delete pen[name];
  }
  return pen;
}

/** Looks of a piece that was written with a pen. */
export function lookOf(pen: Pen): string {
  const looks: string[] = attributes.filter((name) => pen[name]);
  if (pen.color !== undefined) looks.push(`ansi-${pen.color}`);
  if (pen.background !== undefined) looks.push(`on-${pen.background}`);
  return looks.join(' ');
}

/** The SGR sequence after which a terminal writes with a pen, whatever it wrote with before. */
export function sgrOf(pen: Pen): string {
  const codes = Object.entries(sets).flatMap(([code, name]) => (pen[name] ? [code] : []));
  const { color, background } = pen;
  if (color !== undefined) codes.push(String(color < 8 ? 30 + color : 82 + color));
  if (background !== undefined)
    codes.push(String(background < 8 ? 40 + background : 92 + background));
  return `\x1b[${['0', ...codes].join(';')}m`;
}

/** For `5;N` and `2;R;G;B`: the nearest of the 16 colours, and the number of parameters used. */
function extendedColor(codes: readonly number[]): { color?: number; length: number } {
  const [kind, first = 0, second = 0, third = 0] = codes;
  if (kind === 2) return { color: nearest(first, second, third), length: 4 };
  if (kind !== 5) return { length: codes.length };
  if (first < 16) return { color: first, length: 2 };
  if (first >= 232) {
    const grey = 8 + 10 * (first - 232);
    return { color: nearest(grey, grey, grey), length: 2 };
  }
  // A cube of 6 by 6 by 6.
  const cube = first - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return { color: nearest(level(red), level(green), level(blue)), length: 2 };
}

/** Nearest of the 16 colours, by which of its parts are strong. */
function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  if (most < 64) return 0;
  const isStrong = (part: number) => part > 0.6 * most;
  const hue = (isStrong(red) ? 1 : 0) | (isStrong(green) ? 2 : 0) | (isStrong(blue) ? 4 : 0);
  if (hue === 7) return most > 224 ? 15 : most > 144 ? 7 : 8;
  return most > 208 ? hue + 8 : hue;
}
