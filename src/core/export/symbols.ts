import type { ElfSymbol } from './elf';

/** Names for addresses of a program. */
export class Symbols {
  private readonly sorted: readonly ElfSymbol[];

  constructor(symbols: readonly ElfSymbol[]) {
    this.sorted = symbols
      // Mapping symbols ($t, $d) mark code and data and are no names.
      .filter(({ name, section }) => section !== undefined && name !== '' && !name.startsWith('$'))
      .map((symbol) => ({ ...symbol, address: symbol.address & ~1 }))
      .sort((a, b) => a.address - b.address || a.size - b.size);
  }

  /** `name+0x12` for an address within a function or variable; undefined elsewhere. */
  nameOf(address: number): string | undefined {
    const place = address & ~1;
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.address ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    const symbol = this.sorted[low - 1];
    // Symbols of assembly have no size: each covers the bytes up to the next one.
    if (!symbol || (symbol.size > 0 && place >= symbol.address + symbol.size)) return undefined;
    const offset = place - symbol.address;
    return offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`;
  }
}
