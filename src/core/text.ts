/** `20480` -> `20,480`, in every locale. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

const kilobyte = 1024;

/** `221900` -> `217 KB`. Kilobytes are those in which memory is made: 264 of them are the SRAM. */
export function fileSize(bytes: number): string {
  if (bytes < kilobyte) return `${bytes} B`;
  if (bytes < kilobyte * kilobyte) return `${Math.round(bytes / kilobyte)} KB`;
  return `${(bytes / kilobyte / kilobyte).toFixed(1)} MB`;
}

/** `56.2` -> `56 tok/s`; slow models keep a digit more. */
export function speed(tokensPerSecond: number): string {
  return `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} tok/s`;
}

/** Bytes of stack that a board used at most, on each core that computes. */
export function stacksUsed(first: number, second: number | null | undefined): string {
  return typeof second === 'number'
    ? `${grouped(first)} and ${grouped(second)} bytes of stack`
    : `${grouped(first)} bytes of stack`;
}

/** `2`: `2 cores` */
export function coreCount(cores: number): string {
  return cores === 1 ? '1 core' : `${cores} cores`;
}
