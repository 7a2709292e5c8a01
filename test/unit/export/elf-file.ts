/** Builds small ELF files for tests. */

export interface TestSection {
  name: string;
  type: number;
  flags: number;
  address: number;
  data: Uint8Array;
  /** Section number of a symbol table's names. */
  link?: number;
}

export interface TestSegment {
  type: number;
  virtual: number;
  physical: number;
  data: Uint8Array;
}

const headerBytes = 52;

/** Names as a string table: offset of each name, and the bytes. */
export function stringTable(names: readonly string[]): { offsets: number[]; data: Uint8Array } {
  let text = '\0';
  const offsets = names.map((name) => {
    const at = text.length;
    text += `${name}\0`;
    return at;
  });
  return { offsets, data: Buffer.from(text, 'latin1') };
}

/** Symbols as the contents of a symbol table, its placeholder included. */
export function symbolTable(
  symbols: readonly { name: number; address: number; size: number; section: number }[],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 * (symbols.length + 1)));
  symbols.forEach(({ name, address, size, section }, index) => {
    const at = 16 * (index + 1);
    view.setUint32(at, name, true);
    view.setUint32(at + 4, address, true);
    view.setUint32(at + 8, size, true);
    view.setUint16(at + 14, section, true);
  });
  return new Uint8Array(view.buffer);
}

/** An ARM executable; section 0 and the section names are added. */
export function elfFile(segments: TestSegment[], sections: TestSection[]): Uint8Array {
  const names = stringTable([...sections.map(({ name }) => name), '.shstrtab']);
  const all = [
    { name: '', type: 0, flags: 0, address: 0, data: new Uint8Array(), link: 0 },
    ...sections,
    { name: '.shstrtab', type: 3, flags: 0, address: 0, data: names.data, link: 0 },
  ];
  const tables = headerBytes + 32 * segments.length + 40 * all.length;
  const size = [...segments, ...all].reduce((sum, { data }) => sum + data.length, tables);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 40, true);
  view.setUint32(24, 0x100001e9, true);
  view.setUint32(28, headerBytes, true);
  view.setUint32(32, headerBytes + 32 * segments.length, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, segments.length, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, all.length, true);
  view.setUint16(50, all.length - 1, true);

  let at = tables;
  const place = (data: Uint8Array): number => {
    file.set(data, at);
    at += data.length;
    return at - data.length;
  };
  segments.forEach(({ type, virtual, physical, data }, index) => {
    const words = [type, place(data), virtual, physical, data.length, data.length];
    words.forEach((word, i) => view.setUint32(headerBytes + 32 * index + 4 * i, word, true));
  });
  all.forEach(({ type, flags, address, data, link = 0 }, index) => {
    const nameOffset = index === 0 ? 0 : (names.offsets[index - 1] ?? 0);
    const words = [nameOffset, type, flags, address, place(data), data.length, link];
    const header = view.getUint32(32, true) + 40 * index;
    words.forEach((word, i) => view.setUint32(header + 4 * i, word, true));
  });
  return file;
}
