import schema from './model.schema.json';

/** Common names of an encoding that differ by more than case and punctuation from the schema's. */
const otherNames: Readonly<Record<string, string>> = {
  ascii: 'utf-8',
  usascii: 'utf-8',
  cp65001: 'utf-8',
  utf16: 'utf-16le',
  ucs2: 'utf-16le',
  ansi: 'windows-1252',
  latin2: 'iso-8859-2',
  latin3: 'iso-8859-3',
  latin4: 'iso-8859-4',
  // The standard of the web reads ISO 8859-9 as its superset.
  iso88599: 'windows-1254',
  latin5: 'windows-1254',
  latin6: 'iso-8859-10',
  latin9: 'iso-8859-15',
  cp866: 'ibm866',
  cp874: 'windows-874',
  cp932: 'shift_jis',
  sjis: 'shift_jis',
  cp936: 'gbk',
  gb2312: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  koi8: 'koi8-r',
  mac: 'macintosh',
  macroman: 'macintosh',
};

const bySpelling = new Map(Object.entries(otherNames));
for (const name of schema.properties.data.properties.encoding.enum) {
  bySpelling.set(bareSpelling(name), name);
  bySpelling.set(bareSpelling(name).replace(/^windows(?=125)/, 'cp'), name);
}

/** The schema's name of an encoding, such as `windows-1252` for `CP1252`; undefined for unknown ones. */
export function knownEncoding(name: string): string | undefined {
  return bySpelling.get(bareSpelling(name));
}

function bareSpelling(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
