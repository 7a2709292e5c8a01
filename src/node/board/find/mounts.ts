/** A file system in /proc/mounts. */
export interface Mount {
  device: string;
  path: string;
  type: string;
}

/** Reads /proc/mounts: device, place and type of each line, blanks written as octal escapes. */
export function readMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [device, path, type] = line.split(' ').map(unescapeOctal);
    return device && path && type ? [{ device, path, type }] : [];
  });
}

function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 8)),
  );
}
